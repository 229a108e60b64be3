package process

// link puts th in its thread group and under its parent.
func (t *Table) link(th *Thread) {
	t.join(th)
	t.adopt(th)
	t.share(th)
}

// join puts th in its thread group. A thread of which the table knows only the
// tid has neither group nor parent.
func (t *Table) join(th *Thread) {
	if !th.Valid() {
		return
	}
	g := t.groups[th.PID]
	if g == nil {
		g = &Group{PID: th.PID}
		t.groups[th.PID] = g
	}
	// The first process of a pid namespace takes the orphans in it.
	if th.PID == 1 || th.VPID == 1 {
		g.Reaper = true
	}
	g.add(th)
}

// adopt puts th under the parent that its PTID names. A parent that the table
// does not know counts as none.
func (t *Table) adopt(th *Thread) {
	if !th.Valid() || th.TID == 1 {
		return
	}
	p := t.threads[th.PTID]
	if p == nil || p == th || !p.Valid() {
		th.PTID = 0
		return
	}
	p.addChild(th)
	if th.creator == nil {
		th.creator = p
	}
}

// Adopted notes that the kernel names another parent of th's process than the
// table: it was orphaned, and a reaper took it over. An unknown parent counts as
// none.
func (t *Table) Adopted(th *Thread, parent int64) {
	th = th.Leader()
	if th == nil || th.group == nil || th.PTID == parent || th.parent != nil && th.parent.PID == parent {
		return
	}
	if th.parent != nil {
		th.parent.dropChild(th)
	}
	th.PTID = parent
	t.adopt(th)
}

// share binds a thread to what its process's main thread owns.
func (t *Table) share(th *Thread) {
	leader := th.Leader()
	if leader == nil || leader == th {
		return
	}
	if th.Flags&CloneFS != 0 || th.fs == nil {
		th.fs = leader.ownFS()
	}
	if th.Flags&CloneFiles != 0 && leader.FDs != nil {
		th.FDs = leader.FDs
	}
}

func (t *Thread) addChild(child *Thread) {
	t.children.add(child, false)
	child.parent = t
	child.PTID = t.TID
}

// unlink takes th out of its group and from its parent; its children lose
// their parent.
func (t *Table) unlink(th *Thread) {
	if th.parent != nil {
		th.parent.dropChild(th)
	}
	for _, child := range th.children.list {
		if child.parent == th {
			child.parent = nil
		}
	}
	th.children = members{}
	g := th.group
	if g == nil {
		return
	}
	if !th.Dead() {
		g.alive--
	}
	g.remove(th)
	if g.threads.live == 0 {
		delete(t.groups, g.PID)
	}
}

func (t *Thread) dropChild(child *Thread) {
	child.parent = nil
	t.children.left(func(c *Thread) bool { return c.parent != t })
}

// Children is the length of t's list of children, with those that left the
// table and are not swept out yet, and the number of those in the table.
func (t *Thread) Children() (listed, live int) { return len(t.children.list), t.children.live }

// EachChild calls f for the children in the table until f returns false.
func (t *Thread) EachChild(f func(*Thread) bool) {
	for _, child := range t.children.list {
		if child.parent == t && !f(child) {
			return
		}
	}
}
