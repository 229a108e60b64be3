package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// fdParams has for each event number 1 + the index of the parameter with the
// descriptor that the call uses; 0 for none.
var fdParams = makeFDParams()

// fdExceptions are the calls whose descriptor is not the first in their
// parameters: what they copy from or splice to.
var fdExceptions = map[uint16]int{
	EvCopyFileRangeX: 3,
	EvSpliceX:        2,
}

func fdParam(info *TypeInfo) int { return int(fdParams[info.Num]) - 1 }

func makeFDParams() []uint8 {
	params := make([]uint8, len(schema))
	for i := range schema {
		info := &schema[i]
		if info.Flags&UsesFd == 0 {
			continue
		}
		if p, ok := fdExceptions[info.Num]; ok {
			params[i] = uint8(p) + 1
			continue
		}
		params[i] = uint8(firstFD(info)) + 1
	}
	return params
}

// firstFD is the first descriptor among a call's arguments; -1: none.
func firstFD(info *TypeInfo) int {
	from := 1 // an exit event's first parameter is what the call returned
	if info.Flags&Enter != 0 {
		from = 0
	}
	for i := from; i < len(info.Params); i++ {
		if t := info.Params[i].Type; t == field.FD || t == field.FD32 {
			return i
		}
	}
	return -1
}

// ChangesState tells whether events of a type say something about processes or
// their descriptors that later events do not repeat.
func ChangesState(id event.TypeID) bool {
	for num, do := range transitions {
		if do != nil && schema[num].ID == id && schema[num].Flags&(ReadsFromFd|WritesToFd) == 0 {
			return true
		}
	}
	return false
}
