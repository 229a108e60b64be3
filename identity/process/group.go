package process

// Group is a thread group: a process as a set of threads.
type Group struct {
	PID    int64
	Reaper bool // init of a pid namespace, or marked as child subreaper

	leader  *Thread
	threads members
	alive   int
}

// Alive is the number of threads that have not exited.
func (g *Group) Alive() int { return g.alive }

// Len is the length of the thread list, which includes threads that left the
// table and are not swept out yet.
func (g *Group) Len() int { return len(g.threads.list) }

// Each calls f for the threads in the table, the leader first, until f returns
// false.
func (g *Group) Each(f func(*Thread) bool) {
	for _, t := range g.threads.list {
		if t.group == g && !f(t) {
			return
		}
	}
}

func (g *Group) add(t *Thread) {
	g.threads.add(t, t.IsLeader())
	if t.IsLeader() {
		g.leader = t
	}
	if !t.Dead() {
		g.alive++
	}
	t.group = g
}

// remove takes t out when it leaves the table.
func (g *Group) remove(t *Thread) {
	if g.leader == t {
		g.leader = nil
	}
	t.group = nil
	g.threads.left(func(t *Thread) bool { return t.group != g })
}

// firstAlive is a thread of the group that has not exited, other than not.
func (g *Group) firstAlive(not *Thread) *Thread {
	for _, t := range g.threads.list {
		if t.group == g && t != not && !t.Dead() {
			return t
		}
	}
	return nil
}
