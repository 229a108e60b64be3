package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

var evtFields = []field.Definition{
	{Name: "evt.type", Type: field.Charbuf, Desc: "Name of the event, such as openat.",
		Get: func(ev *event.Event) event.Value { return event.Text(types.Name(ev.Type)) }},
	{Name: "evt.type.is", Type: field.Uint32, Arg: field.ArgRequired | field.ArgKey,
		Desc: "1 for events of the type that the argument names, 0 for others.", Bind: bindTypeIs},
	{Name: "syscall.type", Type: field.Charbuf, Desc: "Name of the system call; missing for events that are none.",
		Get: callName},
	{Name: "evt.category", Type: field.Charbuf, Desc: "Class of the event: file, net, process, …; for input and output that of the descriptor.",
		Get: category},
	{Name: "evt.cpu", Type: field.Int16, Desc: "Number of the CPU.",
		Get: func(ev *event.Event) event.Value { return event.Int(int64(of(ev).CPU)) }},
	{Name: "evt.dir", Type: field.Charbuf, Flags: field.Deprecated, Desc: "> for the enter side of a call, < for its exit side.",
		Get: direction},
	{Name: "evt.is_io", Type: field.Bool, Desc: "Whether the call reads from or writes to a descriptor.",
		Get: hasFlag(ReadsFromFd | WritesToFd)},
	{Name: "evt.is_io_read", Type: field.Bool, Desc: "Whether the call reads from a descriptor.", Get: hasFlag(ReadsFromFd)},
	{Name: "evt.is_io_write", Type: field.Bool, Desc: "Whether the call writes to a descriptor.", Get: hasFlag(WritesToFd)},
	{Name: "evt.io_dir", Type: field.Charbuf, Desc: "r for calls that read, w for calls that write.", Get: ioDirection},
	{Name: "evt.is_wait", Type: field.Bool, Desc: "Whether the call waits, such as poll and nanosleep.", Get: hasFlag(Waits)},
	{Name: "evt.is_async", Type: field.Bool, Desc: "Whether the event was injected into the stream rather than captured.",
		Get: func(ev *event.Event) event.Value { return event.Bool(of(ev).Info.Num == EvAsynceventE) }},
	{Name: "evt.asynctype", Type: field.Charbuf, Desc: "Name that an injected event carries.", Get: asyncType},
	{Name: "evt.pluginname", Type: field.Charbuf, Desc: "Name of the plugin that made the event.",
		Missing: "kernel events come from no plugin"},
	{Name: "evt.plugininfo", Type: field.Charbuf, Desc: "Text that a plugin makes of its event.",
		Missing: "kernel events come from no plugin"},
	{Name: "evt.around", Type: field.Uint64, Arg: field.ArgRequired | field.ArgIndex,
		Flags:   field.FilterOnly | field.NoRHS | field.NoTransformer,
		Desc:    "Whether the event lies around a time, for reading captures.",
		Missing: "a rule has no use for a fixed time; compare evt.rawtime instead"},
	{Name: "evt.infra.docker.name", Type: field.Charbuf, Flags: field.TableOnly, Desc: "Name in an infrastructure event.", Missing: unusedEvent},
	{Name: "evt.infra.docker.container.id", Type: field.Charbuf, Flags: field.TableOnly, Desc: "Container id in an infrastructure event.", Missing: unusedEvent},
	{Name: "evt.infra.docker.container.name", Type: field.Charbuf, Flags: field.TableOnly, Desc: "Container name in an infrastructure event.", Missing: unusedEvent},
	{Name: "evt.infra.docker.container.image", Type: field.Charbuf, Flags: field.TableOnly, Desc: "Container image in an infrastructure event.", Missing: unusedEvent},
	{Name: "util.cnt", Type: field.Uint64, Desc: "A counter that each use increments.",
		Missing: "a field must read the same however often it is read; use evt.num"},
}

// unusedEvent is why fields of infrastructure events have no value.
const unusedEvent = "no producer of captures writes these events any more"

// hasFlag makes a getter of a fact about the event's type.
func hasFlag(flags TypeFlags) field.Getter {
	return func(ev *event.Event) event.Value { return event.Bool(of(ev).Info.Flags&flags != 0) }
}

func bindTypeIs(arg string) (field.Getter, error) {
	id, ok := types.Lookup(arg)
	if !ok {
		return nil, &argError{arg, "no event has this name"}
	}
	return func(ev *event.Event) event.Value { return number(ev.Type == id) }, nil
}

func callName(ev *event.Event) event.Value {
	switch TypeKind(ev.Type) {
	case KindSyscall, KindGeneric:
		return event.Text(types.Name(ev.Type))
	}
	return event.Value{}
}

func category(ev *event.Event) event.Value {
	e := of(ev)
	switch c := e.Info.Category; c {
	case CatIoRead, CatIoWrite, CatIoOther:
		return event.Text(ioCategory(e))
	default:
		return event.Text(categoryNames[c])
	}
}

// ioCategory is the class of an input or output event: that of its descriptor.
func ioCategory(e *Event) string {
	fd := e.known()
	if fd == nil {
		return "unknown"
	}
	return fdCategories[fd.Type]
}

func direction(ev *event.Event) event.Value {
	if of(ev).Enter() {
		return event.Text(">")
	}
	return event.Text("<")
}

func ioDirection(ev *event.Event) event.Value {
	switch flags := of(ev).Info.Flags; {
	case flags&ReadsFromFd != 0:
		return event.Text("r")
	case flags&WritesToFd != 0:
		return event.Text("w")
	}
	return event.Value{}
}

func asyncType(ev *event.Event) event.Value {
	if e := of(ev); e.Info.Num == EvAsynceventE {
		return e.Value(1)
	}
	return event.Value{}
}
