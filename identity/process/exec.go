package process

// Exec notes that th started another program: the other threads of its process
// are gone, and it is the main thread now, whatever its tid was. Exec returns
// the entry of the process, to be filled from the event.
func (t *Table) Exec(th *Thread, time uint64) *Thread {
	leader := t.leaderFor(th)
	leader.Flags &^= CloneThread | CloneFiles | CloneFS
	if leader.Dead() {
		leader.Flags &^= Closed
		if leader.group != nil {
			leader.group.alive++
		}
	}
	t.killSiblings(leader)
	leader.ExecTime = time
	return leader
}

// leaderFor is the main thread of th's process, which it becomes where the
// table does not know one.
func (t *Table) leaderFor(th *Thread) *Thread {
	if th.IsLeader() || th.PID < 0 {
		return th
	}
	if leader := t.threads[th.PID]; leader != nil {
		return leader
	}
	leader := &Thread{}
	*leader = *th
	leader.TID, leader.VTID = th.PID, th.VPID
	leader.group, leader.parent, leader.children = nil, nil, members{}
	t.Add(leader)
	return leader
}

// killSiblings removes all other threads of leader's process.
func (t *Table) killSiblings(leader *Thread) {
	g := leader.group
	if g == nil || g.threads.live <= 1 {
		return
	}
	var gone []int64
	g.Each(func(th *Thread) bool {
		if th != leader {
			gone = append(gone, th.TID)
		}
		return true
	})
	for _, tid := range gone {
		t.Remove(tid)
	}
}
