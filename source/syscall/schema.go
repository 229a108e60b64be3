package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// TypeInfo is one row of the event table: one encoding of an event.
type TypeInfo struct {
	Num    uint16 // number in the capture format; even: enter, odd: exit
	ID     event.TypeID
	Name   string // evt.type
	Params []ParamInfo
}

// ParamInfo is one parameter of an event encoding.
type ParamInfo struct {
	Name string
	Type field.Type
}
