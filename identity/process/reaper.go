package process

// MarkDead notes that th has exited. It stays in the table until Remove.
func (t *Table) MarkDead(th *Thread) {
	if th.Dead() {
		return
	}
	th.Flags |= Closed
	if th.group != nil {
		th.group.alive--
	}
}

// Remove takes the thread tid out of the table after its exit. Its children get
// the parent that the kernel gives them. A main thread goes with the last thread
// of its process.
func (t *Table) Remove(tid int64) {
	th := t.threads[tid]
	if th == nil {
		return
	}
	g := th.group
	if g == nil {
		t.erase(th)
		return
	}
	t.MarkDead(th)
	if th.children.live > 0 {
		t.reparent(th)
	}
	if !th.IsLeader() {
		t.erase(th)
	}
	if g.alive > 0 {
		return
	}
	if leader := t.threads[g.PID]; leader != nil && leader.group == g {
		t.erase(leader)
	}
}

// reparent gives th's children to the reaper that the exit event named, else
// to the one that the kernel would choose, else to nobody.
func (t *Table) reparent(th *Thread) {
	var reaper *Thread
	if th.ReaperID > 0 {
		reaper = t.threads[th.ReaperID]
		if reaper == th || reaper != nil && reaper.group == nil {
			reaper = nil
		}
	}
	if reaper == nil {
		reaper = t.findReaper(th)
	} else if reaper.group != th.group {
		reaper.group.Reaper = true
	}
	th.giveChildren(reaper)
}

func (t *Thread) giveChildren(to *Thread) {
	for _, child := range t.children.list {
		if child.parent != t {
			continue
		}
		if to == nil {
			child.parent, child.PTID = nil, 0
			continue
		}
		to.addChild(child)
	}
	t.children = members{}
}

// findReaper finds who takes th's children over: another thread of its process,
// else the nearest ancestor in its pid namespace that is a reaper.
func (t *Table) findReaper(th *Thread) *Thread {
	if next := th.group.firstAlive(th); next != nil {
		return next
	}
	steps := 0
	for p := th.parent; p != nil && steps < len(t.threads); p = p.parent {
		if p.InPidNamespace() != th.InPidNamespace() {
			return nil
		}
		if p.group != nil && p.group.Reaper {
			if next := p.group.firstAlive(th); next != nil {
				return next
			}
		}
		steps++
	}
	return nil
}

// Leave schedules the removal of an exited thread for the next Sweep, so that
// the exit event itself still sees it.
func (t *Table) Leave(tid int64) {
	if t.leaving != tid {
		t.Sweep() // one at a time
	}
	t.leaving = tid
}

// Sweep removes the thread that Leave named. Whoever feeds events calls it
// before each.
func (t *Table) Sweep() {
	if t.leaving != 0 {
		tid := t.leaving
		t.leaving = 0
		t.Remove(tid)
	}
}

// RemoveGone removes threads whose end nobody saw: those without an event since
// before, ns since the epoch, of which alive tells no. It looks at some of the
// threads, others with every call, and tells how many it removed.
func (t *Table) RemoveGone(some int, before uint64, alive func(*Thread) bool) int {
	var gone []int64
	for tid, th := range t.threads {
		if some--; some < 0 {
			break
		}
		if max(th.LastSeen, th.CloneTime) < before && !alive(th) {
			gone = append(gone, tid)
		}
	}
	for _, tid := range gone {
		t.Remove(tid)
	}
	return len(gone)
}
