package process

// maxDeadRun bounds how many creators in a row are remembered after they left
// the table, so that a chain of processes that fork and exit cannot grow
// without end.
const maxDeadRun = 32

// Parent is the parent as the kernel sees it now: an orphan's is the reaper
// that took it over. nil where the table knows none.
func (t *Thread) Parent() *Thread { return t.parent }

// Ancestor is the n-th parent; Ancestor(0) is t itself.
func (t *Thread) Ancestor(n int) *Thread {
	for ; n > 0 && t != nil; n-- {
		t = t.parent
	}
	return t
}

// Creator is the thread that cloned t, also when it has exited since and t has
// another parent. A creator that left the table keeps its names and arguments,
// but neither descriptors nor environment.
func (t *Thread) Creator() *Thread { return t.creator }

// bury turns a thread that leaves the table into a record of lineage.
func (t *Thread) bury() {
	t.FDs, t.fs, t.Env, t.Cgroups = nil, nil, nil, nil
	t.gone = true
	last := t
	for range maxDeadRun - 1 {
		if last = last.creator; last == nil || !last.gone {
			return
		}
	}
	last.creator = nil
}
