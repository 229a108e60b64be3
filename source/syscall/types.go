package syscall

import (
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
)

// typeRow is an event name: a row's index is its TypeID.
type typeRow struct {
	name string
	kind Kind
	code int // number of the call in the capture format; -1: none
}

// types is the table of event names that Types returns.
var types = makeTypes()

// typeByCode has the TypeID of a generic event by its call number.
var typeByCode = makeTypeByCode()

// typeByNative has the TypeID of a call by its number on amd64: captures do not
// say of which machine they are, and those of others are rare.
var typeByNative = makeTypeByNative()

// Types is the table of all event names, dedicated and generic.
func Types() *event.Types { return types }

// GenericType is the event name of a generic event's call number.
func GenericType(code uint16) event.TypeID {
	if int(code) < len(typeByCode) {
		return typeByCode[code]
	}
	return TypeSyscall
}

// nativeType is the event name of a machine's call number.
func nativeType(nr uint16) event.TypeID {
	if int(nr) < len(typeByNative) {
		return typeByNative[nr]
	}
	return TypeSyscall
}

// TypeKind is the kind of an event name.
func TypeKind(id event.TypeID) Kind { return typeRows[id].kind }

func makeTypes() *event.Types {
	names := make([]string, len(typeRows))
	for i, row := range typeRows {
		names[i] = row.name
	}
	return event.NewTypes(names...)
}

func makeTypeByCode() []event.TypeID {
	var ids []event.TypeID
	for i, row := range typeRows {
		for len(ids) <= row.code {
			ids = append(ids, TypeSyscall)
		}
		if row.code >= 0 {
			ids[row.code] = event.TypeID(i)
		}
	}
	return ids
}

func makeTypeByNative() []event.TypeID {
	ids := make([]event.TypeID, abi.MaxNR)
	for i := range ids {
		ids[i] = TypeSyscall
	}
	for i := range abi.Calls {
		nr := abi.Calls[i].NR.AMD64
		if id, ok := types.Lookup(abi.Calls[i].Name); ok && nr >= 0 && int(nr) < len(ids) {
			ids[nr] = id
		}
	}
	return ids
}

// Code is the call number of an event name in the capture format, as generic
// events carry it; false where the name has none.
func Code(id event.TypeID) (uint16, bool) {
	code := typeRows[id].code
	return uint16(max(code, 0)), code >= 0
}
