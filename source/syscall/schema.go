package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

//go:generate go run ./internal/gen

// TypeInfo is one row of the event table: one encoding of an event.
type TypeInfo struct {
	Num      uint16       // number in the capture format; even: enter, odd: exit
	ID       event.TypeID // all encodings of one name share it
	Name     string       // evt.type
	Category Category
	Kind     Kind
	Flags    TypeFlags
	Params   []ParamInfo
}

// ParamInfo is one parameter of an event encoding.
type ParamInfo struct {
	Name   string
	Type   field.Type
	Format Format
	Values *ValueTable // names of its bits or values; nil: none
	Dyn    []ParamInfo // what a dynamic parameter can be, by its leading byte
	DirFD  uint8       // 1 + index of the parameter with the directory; 0: none
}

// Format is how a number is shown.
type Format uint8

// The number formats.
const (
	Dec Format = iota
	Hex
	Oct
)

// Kind is where an event comes from.
type Kind uint8

// The event kinds.
const (
	KindSyscall Kind = iota + 1
	KindTracepoint
	KindMetaevent
	KindPlugin
	KindIter
	KindGeneric // a call known by name only
)

// TypeFlags are facts about an event encoding.
type TypeFlags uint16

// The facts about encodings.
const (
	Enter TypeFlags = 1 << iota
	OldVersion
	CreatesFd
	DestroysFd
	UsesFd
	ReadsFromFd
	WritesToFd
	ModifiesState
	Waits
	Skipparsereset
	LargePayload // parameter lengths take 4 bytes
)

// Info is the schema row of an event number; nil where the number is unknown
// or out of use.
func Info(num uint16) *TypeInfo {
	if int(num) >= len(schema) || schema[num].Name == "" {
		return nil
	}
	return &schema[num]
}

// Numbers is how many event numbers the schema has; Info knows those below it.
func Numbers() int { return len(schema) }

// Param finds a parameter by name; -1: there is none.
func (t *TypeInfo) Param(name string) int {
	for i := range t.Params {
		if t.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// Exit tells whether the encoding is of a call's exit side.
func (t *TypeInfo) Exit() bool { return t.Flags&Enter == 0 }
