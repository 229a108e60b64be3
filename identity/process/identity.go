package process

import "time"

// clockTick is the unit of times in /proc: USER_HZ is 100 on all kernels.
const clockTick = 10 * time.Millisecond

// Identity is what an event tells of its own thread, whatever else it is about.
// Comm may alias the event's memory.
type Identity struct {
	TID, PID, PTID          int64 // host pid namespace; PTID is the parent process
	VTID, VPID              int64 // innermost pid namespace
	SID, VPGID, PGID        int64
	StartTime               uint64 // of the process, ns since boot; 0 unknown
	Comm                    string
	UID, GID, LoginUID, TTY uint32
	CgroupID                uint64
	InPidns                 bool // in a pid namespace below the host's
}

// Same tells whether id is th's: a process id that was used again has another
// start time.
func (th *Thread) Same(id *Identity) bool {
	return th.PID == id.PID && th.sameStart(id.StartTime)
}

// sameStart compares start times as far as /proc tells them.
func (th *Thread) sameStart(start uint64) bool {
	return th.StartTime == 0 || start == 0 ||
		th.StartTime/uint64(clockTick) == start/uint64(clockTick)
}

// Seen finds the thread of an event. Where the table does not know it, or knows
// another process under its tid, fork or exit events were lost: then the entry
// is made from id, from what a known process or parent can lend, and fresh is
// true: the caller may want to read the rest from /proc.
func (t *Table) Seen(id *Identity, time uint64) (th *Thread, fresh bool) {
	th = t.Get(id.TID)
	if th == nil || !th.Same(id) {
		th = t.Heal(id)
		fresh = true
	}
	th.PrevSeen, th.LastSeen = th.LastSeen, time
	return th, fresh
}

// Heal makes the entry of a thread from its identity. A thread of a known
// process, and a process with a known parent, start as a clone of that, so
// that names are there until somebody knows better.
func (t *Table) Heal(id *Identity) *Thread {
	if old := t.threads[id.TID]; old != nil {
		t.stats.replaced.Add(1)
		t.MarkDead(old)
		t.Remove(id.TID)
	}
	t.stats.healed.Add(1)
	fill := func(th *Thread) { th.identify(id) }
	if id.TID != id.PID {
		if leader := t.threads[id.PID]; leader != nil && leader.Same(id) {
			return t.Clone(leader, id.TID, CloneThread, fill)
		}
	}
	if p := t.threads[id.PTID]; p != nil {
		return t.Clone(p, id.TID, 0, fill)
	}
	th := NewThread(id.TID)
	th.identify(id)
	t.Add(th)
	return th
}

// identify takes over what id says.
func (th *Thread) identify(id *Identity) {
	th.PID, th.PTID = id.PID, id.PTID
	th.VTID, th.VPID = id.VTID, id.VPID
	th.SID, th.VPGID, th.PGID = id.SID, id.VPGID, id.PGID
	th.StartTime = id.StartTime
	th.UID, th.GID, th.LoginUID, th.TTY = id.UID, id.GID, id.LoginUID, id.TTY
	th.CgroupID = id.CgroupID
	if id.InPidns {
		th.Flags |= ChildInPidns
	}
	if id.Comm != "" {
		th.SetComm(id.Comm)
	}
}

// Fork notes that the process or thread child was made by parent, at time in ns
// since the epoch. Both are as the kernel tells; an unknown parent is healed.
func (t *Table) Fork(parent, child *Identity, flags Flags, time uint64) *Thread {
	p, _ := t.Seen(parent, time)
	c := t.Clone(p, child.TID, flags, func(th *Thread) {
		th.identify(child)
		th.CloneTime = time
	})
	return c
}

// Exit notes that the thread tid exited; reaper is the thread that takes its
// children over, 0 where unknown. The entry stays until the next Sweep.
func (t *Table) Exit(tid, reaper int64) {
	th := t.Get(tid)
	if th == nil {
		return
	}
	t.MarkDead(th)
	th.ReaperID = reaper
	t.Leave(tid)
}
