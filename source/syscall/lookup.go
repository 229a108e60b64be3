package syscall

import "slices"

// ErrnoNumber is the number of an error name such as ENOENT.
func ErrnoNumber(name string) (int64, bool) { return indexOf(errnoNames[:], name) }

// SignalNumber is the number of a signal name such as SIGKILL.
func SignalNumber(name string) (int64, bool) { return indexOf(signalNames[:], name) }

// CapabilityBit is the number of a capability name such as CAP_SYS_ADMIN.
func CapabilityBit(name string) (int64, bool) { return indexOf(capNames[:], name) }

// indexOf finds a name; gaps in the table have none.
func indexOf(names []string, name string) (int64, bool) {
	if name == "" {
		return 0, false
	}
	i := slices.Index(names, name)
	return int64(i), i >= 0
}

// Current is the newest exit encoding of an event name: the one that is
// written today. A call that is known by name only has the generic encoding,
// whose first parameter is its Code. Tracepoints have no exit side: theirs is
// the newest encoding of all. It is nil for a name that nothing encodes.
func Current(name string) *TypeInfo {
	id, ok := types.Lookup(name)
	if !ok {
		return nil
	}
	for num := len(schema) - 1; num > EvSyscallX; num-- {
		if row := &schema[num]; row.ID == id && row.Name == name && row.Kind != KindGeneric &&
			(row.Exit() && row.Flags&OldVersion == 0 || row.Kind == KindTracepoint || row.Kind == KindMetaevent) {
			return row
		}
	}
	if _, ok := Code(id); ok {
		return Info(EvSyscallX)
	}
	return nil
}
