package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/identity/process"
)

// Bits of the open flags in their event encoding.
const (
	oDirectory    = 1 << 10
	oCloexec      = 1 << 12
	oFCreated     = 1 << 14 // and above: what the kernel told, not what the program asked for
	oUpperLayer   = 1 << 15
	oLowerLayer   = 1 << 16
	creatUpper    = 1 << 0
	creatLower    = 1 << 1
	fcntlDup      = 1
	fcntlDupCloex = 26
	rangeCloexec  = 4
)

// openShape says where an open call's event has its parameters; -1: nowhere.
// The enter event has the first three of them one index earlier.
type openShape struct{ dirfd, name, flags, dev, creatFlags int }

var openShapes = map[uint16]openShape{
	EvOpenX:           {-1, 1, 2, 4, -1},
	EvCreatX:          {-1, 1, -1, 3, 5},
	EvOpenatX:         {1, 2, 3, 5, -1},
	EvOpenat2X:        {1, 2, 3, 6, -1},
	EvOpenByHandleAtX: {-1, 3, 2, 4, -1},
}

// opening is what an open call was asked for.
type opening struct {
	name  string
	dirfd int64
	flags uint32
}

// openFile is the end of a call that opens a file by its name. A failed one
// gives the event what it asked for.
func (s *State) openFile(e *Event) {
	shape := openShapes[e.Info.Num]
	o := readOpening(e, shape)
	if e.Info.Num != EvOpenByHandleAtX {
		trustEnter(e, shape, &o)
	}
	fd := &s.asked
	if n := e.Int(0); n >= 0 && e.HasParam(0) {
		if fd = s.open(e, n, process.FDFileV2); fd == nil {
			return
		}
		e.Thread.LastFD = n
		fd.Flags = o.flags
		fd.Dev, fd.Ino = uint32(e.Uint(shape.dev)), e.Uint(shape.dev+1)
		describeFile(fd)
	} else {
		s.ask(e)
	}
	dir := ""
	if e.Info.Num != EvOpenByHandleAtX { // whose path the kernel resolved
		dir = s.dir(e.Thread, o.name, o.dirfd)
	}
	s.nameFile(fd, dir, o.name)
}

// nameFile gives a file the path that a program meant by path, seen from dir.
func (s *State) nameFile(fd *process.FD, dir, path string) {
	fd.SetNameRaw(path)
	if len(dir)+len(path) >= maxPath {
		fd.SetName(longPath)
		return
	}
	s.path = process.AppendPath(s.path[:0], dir, path)
	fd.SetName(alias(s.path))
}

// readOpening reads the parameters of an exit event.
func readOpening(e *Event, at openShape) opening {
	o := opening{name: e.Text(at.name), dirfd: atFDCWD}
	if o.name == "" {
		o.name = NA
	}
	if at.dirfd >= 0 && e.HasParam(at.dirfd) {
		o.dirfd = e.Int(at.dirfd)
	}
	if at.flags >= 0 {
		o.flags = uint32(e.Uint(at.flags))
	}
	if at.creatFlags >= 0 {
		switch layer := e.Uint(at.creatFlags); {
		case layer&creatUpper != 0:
			o.flags |= oUpperLayer
		case layer&creatLower != 0:
			o.flags |= oLowerLayer
		}
	}
	return o
}

// trustEnter prefers the name that the program gave when it entered the call:
// until the exit another thread may have changed it.
func trustEnter(e *Event, at openShape, o *opening) {
	in := enterOf(e)
	if in == nil {
		return
	}
	name := in.Text(at.name - 1)
	if name == "" || name == NA {
		return
	}
	o.name = name
	if at.flags >= 0 {
		o.flags = uint32(in.Uint(at.flags-1)) | o.flags&^(oFCreated-1)
	}
	if at.dirfd >= 0 {
		o.dirfd = in.Int(at.dirfd - 1)
	}
}

// describeFile derives a file's type and layer from its flags.
func describeFile(fd *process.FD) {
	if fd.Flags&oDirectory != 0 {
		fd.Type = process.FDDirectory
	}
	if fd.Flags&oUpperLayer != 0 {
		fd.State |= process.FDUpperLayer
	}
	if fd.Flags&oLowerLayer != 0 {
		fd.State |= process.FDLowerLayer
	}
}

// ask gives the event a descriptor that only says what was asked for.
func (s *State) ask(e *Event) {
	s.asked = process.FD{Num: -1, Type: process.FDFileV2, State: process.FDAsked, Name: s.asked.Name, NameRaw: s.asked.NameRaw}
	e.FD = &s.asked
}

// askOpen gives the enter event of an open call the file that it asks for.
func (s *State) askOpen(e *Event) {
	if !e.HasParam(0) {
		return
	}
	at := openShapes[e.Info.Num+1]
	name, dirfd := e.Text(at.name-1), int64(atFDCWD)
	if at.dirfd >= 0 {
		dirfd = e.Int(at.dirfd - 1)
	}
	s.ask(e)
	s.nameFile(&s.asked, s.dir(e.Thread, name, dirfd), name)
}

// dir is the directory that a relative name starts from.
func (s *State) dir(th *process.Thread, name string, dirfd int64) string {
	switch {
	case name != "" && name[0] == '/':
		return ""
	case dirfd == atFDCWD:
		return th.Cwd()
	}
	fd := th.FDs.Get(dirfd)
	if fd == nil {
		return unknownDir
	}
	return slashed(fd)
}

// slashed is the name of a directory's descriptor with a slash at its end.
func slashed(fd *process.FD) string {
	if fd.Name == "" || fd.Name[len(fd.Name)-1] == '/' {
		return fd.Name
	}
	return fd.Name + "/"
}

func (s *State) close(e *Event) {
	if succeeded(e) && e.FD != nil {
		s.closing = closing{e.Thread.FDs, e.FD.Num}
	}
}

func (s *State) closeRange(e *Event) {
	if !succeeded(e) || e.Uint(3)&rangeCloexec != 0 {
		return
	}
	first, last := int64(e.Uint(1)), int64(e.Uint(2))
	e.Thread.FDs.CloseRange(first, last)
}

// dup makes the descriptor that the call returned a copy of the one it used.
func (s *State) dup(e *Event) {
	if !succeeded(e) || e.FD == nil {
		return
	}
	n := e.Int(0)
	if e.Info.Num == EvDup3X {
		if flags := uint32(e.Uint(3)); flags != 0 {
			e.FD.Flags |= flags
		} else {
			e.FD.Flags &^= oCloexec
		}
	}
	s.copyFD(e, n)
}

func (s *State) fcntl(e *Event) {
	if cmd := e.Uint(2); cmd != fcntlDup && cmd != fcntlDupCloex {
		return
	}
	if succeeded(e) && e.FD != nil {
		s.copyFD(e, e.Int(0))
	}
}

// copyFD makes descriptor n a copy of the event's, and the event's.
func (s *State) copyFD(e *Event, n int64) {
	fd := s.table(e.Thread).Copy(n, e.FD)
	if fd == nil {
		s.Threads.RefusedFD()
		return
	}
	e.FD = fd
}

func (s *State) pipe(e *Event) {
	if !succeeded(e) {
		return
	}
	for i := range 2 {
		if fd := s.open(e, e.Int(1+i), process.FDFifo); fd != nil {
			fd.Ino = e.Uint(3)
			fd.Flags = uint32(e.Uint(4))
		}
	}
}

func (s *State) memfd(e *Event) {
	fd := s.open(e, e.Int(0), process.FDMemfd)
	if fd == nil {
		return
	}
	fd.Flags = uint32(e.Uint(2))
	fd.SetNameRaw(e.Text(1))
	fd.SetName(e.Text(1))
}

func (s *State) pidfd(e *Event) {
	fd := s.open(e, e.Int(0), process.FDPidfd)
	if fd == nil {
		return
	}
	fd.Flags = uint32(e.Uint(2))
	fd.PID = e.Int(1)
	s.name(fd, func(b []byte) []byte { return strconv.AppendInt(append(b, "/proc/"...), fd.PID, 10) })
}

// pidfdGetfd copies a descriptor of another process.
func (s *State) pidfdGetfd(e *Event) {
	if !succeeded(e) {
		return
	}
	pidfd := e.Thread.FDs.Get(e.Int(1))
	if pidfd == nil {
		return
	}
	if target := s.Threads.Get(pidfd.PID); target != nil {
		if e.FD = target.FDs.Get(e.Int(2)); e.FD != nil {
			s.copyFD(e, e.Int(0))
		}
	}
}

// special opens descriptors that have no name; flags is the index of the
// parameter with their flags, -1 for none.
func special(kind process.FDType, flags int) transition {
	return func(s *State, e *Event) {
		if fd := s.open(e, e.Int(0), kind); fd != nil && flags >= 0 {
			fd.Flags = uint32(e.Uint(flags))
		}
	}
}
