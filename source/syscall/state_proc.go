package syscall

import (
	"github.com/lannersec/lanner/identity/process"
)

const (
	setSubreaper = 36
	getSubreaper = 37

	newUser    = 1 << 20
	allCaps    = 1<<41 - 1
	rlimitFDs  = 7
	noRlimit   = -1
	capsParams = 3
)

// exit marks the thread dead; it leaves the table before the next event.
func (s *State) exit(e *Event) {
	th := s.Threads.Get(e.TID)
	if th == nil {
		return
	}
	s.Threads.MarkDead(th)
	s.Threads.Leave(e.TID)
	if listed, _ := th.Children(); listed == 0 {
		return // the kernel tells no reaper where there is nothing to take over
	}
	if e.NumParams() <= 4 {
		th.ReaperID = -1
	} else if e.HasParam(4) {
		th.ReaperID = e.Int(4)
	}
}

func (s *State) prctl(e *Event) {
	option := e.Uint(1)
	if !succeeded(e) || option != setSubreaper && option != getSubreaper {
		return
	}
	if g := e.Thread.Group(); g != nil {
		g.Reaper = e.Int(3) != 0
	}
}

// chdir is for all calls whose second parameter is the new working directory.
func (s *State) chdir(e *Event) {
	if succeeded(e) {
		s.setCwd(e.Thread, e.Text(1))
	}
}

func (s *State) fchdir(e *Event) {
	if succeeded(e) && e.FD != nil {
		s.setCwd(e.Thread, e.FD.Name)
	}
}

func (s *State) setCwd(th *process.Thread, path string) {
	s.path = process.AppendPath(s.path[:0], th.Cwd(), path)
	th.SetCwd(alias(s.path))
}

func (s *State) chroot(e *Event) {
	if e.Int(0) == 0 {
		s.path = process.AppendPath(s.path[:0], e.Thread.Cwd(), e.Text(1))
		e.Thread.SetRoot(alias(s.path))
	}
}

func (s *State) setsid(e *Event) {
	if succeeded(e) {
		e.Thread.SID = e.Int(0)
	}
}

// setUID takes the effective user id from a parameter.
func setUID(param int) transition {
	return func(_ *State, e *Event) {
		if e.Int(0) == 0 && e.HasParam(param) {
			e.Thread.UID = uint32(e.Uint(param))
		}
	}
}

// setGID takes the effective group id from a parameter.
func setGID(param int) transition {
	return func(_ *State, e *Event) {
		if e.Int(0) == 0 && e.HasParam(param) {
			e.Thread.GID = uint32(e.Uint(param))
		}
	}
}

func (s *State) capset(e *Event) {
	if succeeded(e) && e.HasParam(capsParams) {
		setCaps(e.Thread, e.Uint(1), e.Uint(2), e.Uint(3))
	}
}

func setCaps(th *process.Thread, inheritable, permitted, effective uint64) {
	th.CapInheritable, th.CapPermitted, th.CapEffective = inheritable, permitted, effective
}

// newUserNamespace is a call that gives all capabilities where the flags in a
// parameter name a user namespace.
func newUserNamespace(param int) transition {
	return func(_ *State, e *Event) {
		if succeeded(e) && e.Uint(param)&newUser != 0 {
			setCaps(e.Thread, allCaps, allCaps, allCaps)
		}
	}
}

func (s *State) rlimit(e *Event) {
	if succeeded(e) && e.Uint(3) == rlimitFDs {
		setFDLimit(e.Thread, e.Int(1))
	}
}

func (s *State) prlimit(e *Event) {
	if e.Int(0) != 0 || !e.HasParam(6) || e.Uint(6) != rlimitFDs {
		return
	}
	tid := e.Int(5)
	if tid == 0 {
		tid = e.TID
	}
	if th := s.Threads.Get(tid); th != nil {
		setFDLimit(th, e.Int(1))
	}
}

func setFDLimit(th *process.Thread, limit int64) {
	if leader := th.Leader(); leader != nil && limit != noRlimit {
		leader.FDLimit = limit
	}
}

// memory is for all calls that tell the process's memory use.
func (s *State) memory(e *Event) {
	if e.HasParam(1) {
		e.Thread.VMSizeKB = uint32(e.Uint(1))
	}
	if e.HasParam(3) {
		e.Thread.VMRSSKB, e.Thread.VMSwapKB = uint32(e.Uint(2)), uint32(e.Uint(3))
	}
}

func (s *State) contextSwitch(e *Event) {
	if !e.HasParam(5) {
		return
	}
	e.Thread.PFMajor, e.Thread.PFMinor = e.Uint(1), e.Uint(2)
	if leader := e.Thread.Leader(); leader != nil {
		leader.VMSizeKB = uint32(e.Uint(3))
		leader.VMRSSKB, leader.VMSwapKB = uint32(e.Uint(4)), uint32(e.Uint(5))
	}
}
