// Package syscall is the event source of kernel events, live and captured: the
// schema of event types and their parameters, the decoded record, the state
// that events build up, and one row per field.
package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

// maxParams is the most parameters an event type has in the capture format.
const maxParams = 32

// Event is a decoded kernel event with what is known about its surroundings.
// Its Head.Payload is the Event itself. One Event is reused for all events of a
// stream; nothing in it may be kept.
//
// Live records, captures and scripts all become an Event with the same
// parameters in the same encoding, so that fields, rules and the recorder do
// not know where an event came from.
type Event struct {
	Head event.Event

	Info *TypeInfo // schema of the record's encoding; never nil after Reset
	TID  int64
	PID  int64 // process; equals Thread.PID where the thread is known
	CPU  uint16
	Host *Host // the machine, the same for all events of a stream; never nil for fields

	// params are the raw parameters in table order, aliasing the sample. A
	// parameter beyond nparams is missing, one with no bytes is empty.
	params  [maxParams][]byte
	nparams int

	// dirs are the directories that relative paths start from, as far as the
	// kernel told them.
	dirs  [maxDirs]pathDir
	ndirs int

	// Thread acted; an unknown thread gets an entry made from the event's own
	// identity. It is nil for the few events that belong to no thread, such as
	// notifications.
	Thread *process.Thread
	// FD is the object that the event is about; nil where there is none or it
	// is unknown. Live capture points it at memory in this Event.
	FD *process.FD
	// memory holds the parameters of a copy; others alias their sample.
	memory []byte

	// Container is the container that the event is about where that is not its
	// thread's; nil for most events.
	Container *container.Info
}

// maxDirs is the most paths that an event has.
const maxDirs = 2

// pathDir is the directory that the path in a parameter starts from.
type pathDir struct {
	param int
	name  string
}

// SetDir tells the directory that a path, the parameter at index i, starts from
// if it is relative. It keeps dir.
func (e *Event) SetDir(i int, dir string) {
	if e.ndirs < maxDirs {
		e.dirs[e.ndirs] = pathDir{i, dir}
		e.ndirs++
	}
}

// Reset makes the Event one of the given encoding without parameters, thread
// or descriptor, and frees what fields derived from the event before. The
// caller sets Head.Num, TID and the rest.
func (e *Event) Reset(info *TypeInfo) {
	e.Head.Scratch.Reset()
	e.Head.Payload = e
	e.Head.Type = info.ID
	e.Info = info
	e.nparams, e.ndirs = 0, 0
	e.Thread, e.FD, e.Container = nil, nil, nil
	e.PID = 0
}

// AddParam appends the next parameter in table order, in its capture encoding.
// It keeps b. Parameters beyond those of the encoding are dropped.
func (e *Event) AddParam(b []byte) {
	if e.nparams < len(e.Info.Params) && e.nparams < maxParams {
		e.params[e.nparams] = b
		e.nparams++
	}
	if e.nparams <= 2 {
		e.nameGeneric()
	}
}

// nameGeneric gives a generic event the name of its call: by its number in the
// capture format, or the machine's where its writer did not know the call.
func (e *Event) nameGeneric() {
	if e.Info.Num > EvSyscallX || e.nparams == 0 {
		return
	}
	e.Head.Type = GenericType(uint16(e.Uint(0)))
	if e.Head.Type == TypeSyscall && e.HasParam(1) {
		e.Head.Type = nativeType(uint16(e.Uint(1)))
	}
}

// Name is the event's name (evt.type); a generic event has that of its call.
func (e *Event) Name() string { return types.Name(e.Head.Type) }

// Enter tells whether the event is the enter side of a call.
func (e *Event) Enter() bool { return e.Info.Flags&Enter != 0 }
