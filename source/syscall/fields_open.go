package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

var openFields = []field.Definition{
	{Name: "evt.is_open_read", Type: field.Bool, Desc: "Whether the call opens a file for reading.", Get: openWith(openRead)},
	{Name: "evt.is_open_write", Type: field.Bool, Desc: "Whether the call opens a file for writing.", Get: openWith(openWrite)},
	{Name: "evt.is_open_exec", Type: field.Bool, Desc: "Whether the call creates a file that may be executed.", Get: openExec},
	{Name: "evt.is_open_create", Type: field.Bool, Desc: "Whether the call created the file.", Get: openCreate},
}

// Open flags in their event encoding, as the table file_flags has them.
const (
	openRead    = 1 << 0
	openWrite   = 1 << 1
	openCreat   = 1 << 2
	openTmpfile = 1 << 13
	openCreated = 1 << 14 // the kernel says that the file is new
	modeExec    = 0o111
)

// openParams has 1 + the indexes of the flags and mode of calls that open.
type openParams struct{ flags, mode uint8 }

var openParamsByNum = [len(schema)]openParams{
	EvOpenX:           {3, 4},
	EvCreatX:          {0, 3},
	EvOpenat102E:      {3, 4},
	EvOpenatX:         {4, 5},
	EvOpenat2X:        {4, 5},
	EvOpenByHandleAtX: {3, 0},
}

// openFlags are the flags of a call that opens, 0 for any other.
func (e *Event) openFlags() uint64 { return e.Uint(int(openParamsByNum[e.Info.Num].flags) - 1) }

func openWith(flag uint64) field.Getter {
	return func(ev *event.Event) event.Value { return event.Bool(of(ev).openFlags()&flag != 0) }
}

func openExec(ev *event.Event) event.Value {
	e := of(ev)
	at := openParamsByNum[e.Info.Num]
	creates := e.openFlags()&(openCreat|openTmpfile) != 0 || e.Info.Num == EvCreatX
	return event.Bool(creates && e.Uint(int(at.mode)-1)&modeExec != 0)
}

func openCreate(ev *event.Event) event.Value {
	e := of(ev)
	return event.Bool(e.openFlags()&openCreated != 0)
}
