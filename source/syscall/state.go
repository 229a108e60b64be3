package syscall

import (
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
)

// State is what the events of a capture or script build up: threads and the
// descriptors of their processes. Live capture shares its process part.
//
// A State belongs to the goroutine that reads the events.
type State struct {
	Threads *process.Table
	// BootTime is when the machine booted, ns since the epoch; 0 unknown.
	BootTime uint64
	// Users takes over what events tell of accounts; nil: nothing does.
	Users *user.Table
	// Near is the address of the machine that it uses towards another, both as
	// 4 or 16 raw bytes; nil where the machine's addresses are not known.
	Near func(ip string) string

	containers map[string]*container.Info // by short id
	asked      process.FD                 // what a failed call asked for
	closing    closing                    // what the last event closed
	path       []byte                     // for building names
}

// NewState starts without any knowledge.
func NewState(threads *process.Table) *State { return &State{Threads: threads} }

// transition is what an event type does to the state, before rules see it.
type transition func(*State, *Event)

// Apply finds the event's thread and descriptor, and brings the state up to
// date with the event. Call it for every event, in order, after decoding and
// before anything reads the event's fields.
func (s *State) Apply(e *Event) {
	s.Threads.Sweep()
	s.closing.do()
	known := s.enter(e)
	if known && e.Enter() {
		s.rememberEnter(e)
	}
	if do := s.transition(e.Info.Num); do != nil && (known || noThread(e.Info)) {
		do(s, e)
	}
	if known && !e.Enter() {
		forgetEnter(e.Thread)
	}
	if e.FD != nil {
		e.FD.NoteName()
	}
}

func (s *State) transition(num uint16) transition {
	if int(num) < len(transitions) {
		return transitions[num]
	}
	return nil
}

// enter sets the event's thread and the descriptor that it uses. It is false
// for events that belong to no thread, which have none.
func (s *State) enter(e *Event) bool {
	e.Thread, e.FD = nil, nil
	if noThread(e.Info) {
		return false
	}
	th := s.Threads.Get(e.TID)
	if th == nil {
		if th = s.unknown(e); th == nil {
			return false
		}
	}
	s.attach(e, th)
	if e.Info.Flags&UsesFd != 0 {
		s.useFD(e)
	}
	return true
}

// attach makes th the event's thread.
func (s *State) attach(e *Event, th *process.Thread) {
	e.Thread, e.PID = th, th.PID
	th.PrevSeen, th.LastSeen = th.LastSeen, e.Head.Time
}

// noThread tells which events belong to no thread whatever their thread id says.
func noThread(info *TypeInfo) bool {
	switch info.Num {
	case EvProcinfoE:
		return false
	case EvContainerE, EvUseraddedE, EvUserdeletedE, EvGroupaddedE, EvGroupdeletedE,
		EvPlugineventE, EvAsynceventE:
		return true
	}
	return info.Flags&Skipparsereset != 0
}

// unknown is the thread of an event whose thread the table does not know. It
// enters the table, unless the event is about to tell who the thread is. It is
// nil for events that no living thread makes.
func (s *State) unknown(e *Event) *process.Thread {
	switch e.Info.Num {
	case EvCloneX, EvForkX, EvVforkX, EvClone3X:
		return stranger(e.TID)
	case EvProcexitE, EvSwitchE, EvProcinfoE:
		return nil
	}
	return s.known(e.TID)
}

// known finds a thread, or makes the entry of an unknown one.
func (s *State) known(tid int64) *process.Thread {
	if th := s.Threads.Get(tid); th != nil {
		return th
	}
	th := stranger(tid)
	s.Threads.Add(th)
	return th
}

// stranger is a thread of which nothing is known but its id.
func stranger(tid int64) *process.Thread {
	th := process.NewThread(tid)
	th.Comm, th.Exe = NA, NA
	th.UID, th.GID = process.NoLoginUID, process.NoLoginUID
	th.FDs = &process.FDTable{}
	return th
}

// useFD sets the descriptor that a call uses.
func (s *State) useFD(e *Event) {
	i := fdParam(e.Info)
	if i < 0 {
		return
	}
	n := int64(-1)
	switch {
	case e.HasParam(i):
		n = e.Int(i)
	case !e.Enter():
		if in := enterOf(e); in != nil && in.HasParam(0) && in.Info.Flags&UsesFd != 0 {
			n = in.Int(0)
		}
	}
	e.Thread.LastFD = n
	e.FD = e.Thread.FDs.Get(n)
}

// open makes descriptor n of the event's thread, with everything known of it
// empty but its type, and makes it the event's.
func (s *State) open(e *Event, n int64, kind process.FDType) *process.FD {
	if n < 0 {
		return nil
	}
	fd := s.table(e.Thread).Open(n)
	if fd == nil {
		s.Threads.RefusedFD()
		return nil
	}
	fd.Type = kind
	e.FD = fd
	return fd
}

// table is the descriptor table of th, which it gets where it has none.
func (s *State) table(th *process.Thread) *process.FDTable {
	if th.FDs != nil {
		return th.FDs
	}
	owner := th
	if th.Flags&process.CloneFiles != 0 {
		if leader := th.Leader(); leader != nil {
			owner = leader
		}
	}
	if owner.FDs == nil {
		owner.FDs = &process.FDTable{}
	}
	th.FDs = owner.FDs
	return th.FDs
}

// name builds a descriptor's name with f in memory that is used again, so that
// only a changed name is copied.
func (s *State) name(fd *process.FD, f func(b []byte) []byte) {
	s.path = f(s.path[:0])
	fd.SetName(alias(s.path))
}

// closing is a descriptor to close when the event that closed it is done with.
type closing struct {
	fds *process.FDTable
	num int64
}

func (c *closing) do() {
	c.fds.Close(c.num)
	c.fds = nil
}

// succeeded tells whether the event's call did.
func succeeded(e *Event) bool { return e.Int(0) >= 0 }
