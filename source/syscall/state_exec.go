package syscall

import (
	"github.com/lannersec/lanner/identity/process"
)

// Bits of an exec event's flags.
const (
	exeWritable   = 1 << 0
	exeUpperLayer = 1 << 1
	exeFromMemfd  = 1 << 2
	exeLowerLayer = 1 << 3
	atEmptyPath   = 1
)

// exec is the end of a call that replaces a process's program.
func (s *State) exec(e *Event) {
	if !succeeded(e) {
		return
	}
	th := e.Thread
	if e.HasParam(4) {
		th.PID = e.Int(4)
	}
	if !th.Valid() {
		th.PTID = e.Int(5)
		if th.Flags&process.ChildInPidns == 0 {
			th.VTID, th.VPID = th.TID, th.PID
		}
		s.Threads.Add(th)
	}
	exepath := s.execPath(e)
	if leader := s.Threads.Exec(th, e.Head.Time); leader != th {
		th = leader
		s.attach(e, th)
	}
	e.PID = th.PID
	if exepath != "" {
		th.SetExePath(exepath)
	}
	ProgramFrom(th, e)
	s.enrich(th)
}

// execPath is the program's path: as the kernel resolved it, or, in old
// captures, as the enter event names it; empty where neither is known.
func (s *State) execPath(e *Event) string {
	if e.HasParam(27) {
		return e.Text(27)
	}
	in := enterOf(e)
	if in == nil {
		return ""
	}
	if in.Info.Num == EvExecveat330E {
		return s.execveatPath(e, in)
	}
	name := in.Text(0)
	if name == NA {
		return NA
	}
	s.path = process.AppendPath(s.path[:0], e.Thread.Cwd(), name)
	return alias(s.path)
}

func (s *State) execveatPath(e, in *Event) string {
	dirfd, name, empty := in.Int(0), in.Text(1), in.Uint(2)&atEmptyPath != 0
	dir := s.dir(e.Thread, name, dirfd)
	if fd := e.Thread.FDs.Get(dirfd); fd != nil && dir != "" {
		e.FD = fd
	}
	switch {
	case dir == unknownDir, !empty && name == NA:
		return NA
	case empty:
		dir, name = "", dir
	}
	s.path = process.AppendPath(s.path[:0], dir, name)
	return alias(s.path)
}

// ProgramFrom sets what a successful exec event tells of its thread's new
// program, except its path.
func ProgramFrom(th *process.Thread, e *Event) {
	nameFrom(th, e)
	usageFrom(th, e)
	if e.HasParam(15) {
		th.SetEnv(e.RawText(15))
	}
	setUint32(&th.TTY, e, 16)
	setInt(&th.VPGID, e, 17)
	setUint32(&th.LoginUID, e, 18)
	if e.HasParam(19) {
		exeFlags(th, e.Uint(19))
	}
	if e.HasParam(22) {
		setCaps(th, e.Uint(20), e.Uint(21), e.Uint(22))
	}
	if e.HasParam(25) {
		th.ExeIno, th.ExeInoCtime, th.ExeInoMtime = e.Uint(23), e.Uint(24), e.Uint(25)
	}
	setUint32(&th.UID, e, 26)
	setInt(&th.PGID, e, 28)
	setUint32(&th.GID, e, 29)
	th.Flags |= process.NameChanged
}

func exeFlags(th *process.Thread, flags uint64) {
	th.ExeWritable = flags&exeWritable != 0
	th.ExeUpperLayer = flags&exeUpperLayer != 0
	th.ExeFromMemfd = flags&exeFromMemfd != 0
	th.ExeLowerLayer = flags&exeLowerLayer != 0
}

// setUint32 sets *to if the event has the parameter.
func setUint32(to *uint32, e *Event, param int) {
	if e.HasParam(param) {
		*to = uint32(e.Uint(param))
	}
}

// setInt sets *to if the event has the parameter.
func setInt(to *int64, e *Event, param int) {
	if e.HasParam(param) {
		*to = e.Int(param)
	}
}
