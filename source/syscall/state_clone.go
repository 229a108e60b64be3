package syscall

import (
	"github.com/lannersec/lanner/identity/process"
)

// staleClone is after how long an entry cannot be what the same clone's other
// side made: ns.
const staleClone = 2_000_000_000

// clone is the end of a call that makes a thread or process. Both sides return
// from it: the caller with the child's id, the child with 0.
func (s *State) clone(e *Event) {
	switch child := e.Int(0); {
	case child > 0:
		s.cloneCaller(e, child)
	case child == 0 && e.HasParam(0):
		s.cloneChild(e)
	}
}

// cloneCaller makes the child, unless that is left to the child's own event:
// in a pid namespace the id is not the host's, and a vforked child may be gone
// again by now.
func (s *State) cloneCaller(e *Event, child int64) {
	caller := e.Thread
	if !caller.Valid() {
		fillCaller(caller, e)
		s.Threads.Add(caller)
		s.attach(e, caller)
	}
	flags := process.Flags(e.Uint(15))
	const others = process.ChildInPidns | process.CloneNewPID | process.CloneParent | process.CloneVFork
	if flags&others != 0 || caller.TID != caller.VTID || e.Info.Num == EvVforkX {
		return
	}
	if old := s.Threads.Get(child); old != nil {
		if old.Flags&process.CloneInverted != 0 {
			return // the child's event came first
		}
		s.Threads.Remove(child) // its exit was lost
	}
	s.Threads.Clone(caller, child, flags, func(th *process.Thread) {
		s.fillClone(th, e)
		th.PidnsInitStartTime = s.BootTime
	})
}

// fillCaller tells what a clone event knows of a caller that was unknown.
func fillCaller(th *process.Thread, e *Event) {
	th.PID, th.PTID = e.Int(4), e.Int(5)
	th.VTID, th.VPID = th.TID, -1
	if e.HasParam(19) {
		th.VTID, th.VPID = e.Int(18), e.Int(19)
	}
	nameFrom(th, e)
}

// nameFrom sets what a clone or exec event tells of the program.
func nameFrom(th *process.Thread, e *Event) {
	th.SetExe(e.Text(1))
	th.SetArgs(e.RawText(2))
	if e.HasParam(13) {
		th.SetComm(e.Text(13))
	} else {
		th.SetComm(th.Exe)
	}
}

// usageFrom sets what a clone or exec event tells of limits and memory.
func usageFrom(th *process.Thread, e *Event) {
	th.FDLimit = e.Int(7)
	if e.HasParam(12) {
		th.PFMajor, th.PFMinor = e.Uint(8), e.Uint(9)
		th.VMSizeKB, th.VMRSSKB, th.VMSwapKB = uint32(e.Uint(10)), uint32(e.Uint(11)), uint32(e.Uint(12))
	}
	if e.HasParam(14) {
		th.SetCgroups(e.RawText(14))
	}
}

// fillClone sets what both sides' events tell of the child.
func (s *State) fillClone(th *process.Thread, e *Event) {
	nameFrom(th, e)
	usageFrom(th, e)
	s.enrich(th)
	th.UID, th.GID = uint32(e.Uint(16)), uint32(e.Uint(17))
	th.CloneTime = e.Head.Time
}

// cloneChild makes the child from its own event, which comes first or is the
// only one.
func (s *State) cloneChild(e *Event) {
	if old := s.Threads.Get(e.TID); old != nil && old.CloneTime != 0 {
		if e.Head.Time-old.CloneTime < staleClone {
			return
		}
		s.Threads.Remove(e.TID)
	}
	flags := process.Flags(e.Uint(15)) | process.CloneInverted
	parent := s.cloneSource(e, flags)
	child := s.Threads.Clone(parent, e.TID, flags, func(th *process.Thread) {
		th.PID, th.PTID = e.Int(4), e.Int(5)
		th.VTID, th.VPID = th.TID, -1
		if e.HasParam(19) {
			th.VTID, th.VPID = e.Int(18), e.Int(19)
		}
		s.fillClone(th, e)
		s.pidnsFrom(th, e)
	})
	s.attach(e, child)
}

// cloneSource is the thread that the child is a copy of: its parent, or the
// main thread of its process.
func (s *State) cloneSource(e *Event, flags process.Flags) *process.Thread {
	if flags&process.CloneThread == 0 {
		return s.known(e.Int(5))
	}
	leader := s.known(e.Int(4))
	if !leader.Valid() {
		leader.PID, leader.PTID = e.Int(4), e.Int(5)
		leader.VPID = -1
		if e.HasParam(19) {
			leader.VPID = e.Int(19)
		}
		leader.VTID = leader.VPID
		nameFrom(leader, e)
		s.Threads.Add(leader)
	}
	return leader
}

// pidnsFrom sets when the child's pid namespace began.
func (s *State) pidnsFrom(th *process.Thread, e *Event) {
	th.PidnsInitStartTime = s.BootTime
	if th.InPidNamespace() || th.Flags&process.CloneNewPID != 0 {
		th.PidnsInitStartTime = 0
		if e.HasParam(20) {
			th.PidnsInitStartTime = e.Uint(20) + s.BootTime
		}
	}
}
