package fake

import (
	"errors"
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Standard is a source with the types open, openat, close and execve, a field of
// every type and flag, and extra ones. A field without a getter reads the
// event's Values.
func Standard(extra ...field.Definition) *Source {
	return &Source{
		name:   "standard",
		fields: field.NewRegistry(withGetters(standard()), withGetters(extra)),
		types:  event.NewTypes("open", "openat", "close", "execve"),
	}
}

// Untyped is a source without event types.
func Untyped(fields ...field.Definition) *Source {
	return &Source{name: "untyped", fields: field.NewRegistry(withGetters(fields))}
}

// Event makes an event of a type, which evt.type names too.
func (s *Source) Event(typeName string, values Values) *event.Event {
	ev := &event.Event{Num: 1, Payload: values}
	if s.types == nil {
		return ev
	}
	id, ok := s.types.Lookup(typeName)
	if !ok {
		panic("fake: no event type " + typeName)
	}
	ev.Type = id
	if values != nil {
		values["evt.type"] = event.Text(typeName)
	}
	return ev
}

func standard() []field.Definition {
	return []field.Definition{
		{Name: "evt.type", Type: field.Charbuf},
		{Name: "evt.num", Type: field.Uint64, Get: func(ev *event.Event) event.Value { return event.Uint(ev.Num) }},
		{Name: "evt.arg", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey},
		{Name: "evt.buffer", Type: field.Bytebuf},
		{Name: "evt.time", Type: field.Charbuf, Flags: field.PrintOnly},
		{Name: "evt.old", Type: field.Charbuf, Flags: field.Deprecated},
		{Name: "evt.gone", Type: field.Charbuf, Flags: field.TableOnly},
		{Name: "evt.failed", Type: field.Bool},
		{Name: "proc.name", Type: field.Charbuf},
		{Name: "proc.pname", Type: field.Charbuf},
		{Name: "proc.pid", Type: field.PID},
		{Name: "proc.ppid", Type: field.PID},
		{Name: "proc.pattern", Type: field.Charbuf},
		{Name: "proc.uid", Type: field.Uint32},
		{Name: "proc.args", Type: field.Charbuf, List: true},
		{Name: "proc.more", Type: field.Charbuf, List: true},
		{Name: "proc.load", Type: field.Double},
		{Name: "proc.aname", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex, Flags: field.NoRHS | field.NoTransformer, Bind: byIndex("proc.aname")},
		{Name: "fd.name", Type: field.FSPath},
		{Name: "fd.num", Type: field.Int64},
		{Name: "fd.sip", Type: field.IPAddr},
		{Name: "fd.sport", Type: field.Port},
		{Name: "fd.snet", Type: field.IPNet, Flags: field.FilterOnly | field.NoRHS},
		{Name: "fd.ip", Type: field.IPAddr, Flags: field.FilterOnly | field.NoRHS | field.NoTransformer | field.EitherEnd},
		{Name: "fd.net", Type: field.IPNet, Flags: field.FilterOnly | field.NoRHS | field.NoTransformer | field.EitherEnd},
		{Name: "fd.port", Type: field.Port, Flags: field.FilterOnly | field.NoRHS | field.NoTransformer | field.EitherEnd},
	}
}

func withGetters(table []field.Definition) []field.Definition {
	for i := range table {
		def := &table[i]
		if def.Get == nil {
			def.Get = get(def.Name)
		}
		if def.Arg&field.ArgKey != 0 && def.Bind == nil {
			def.Bind = func(arg string) (field.Getter, error) { return get(def.Name + "[" + arg + "]"), nil }
		}
	}
	return table
}

func byIndex(name string) func(string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		if _, err := strconv.ParseUint(arg, 10, 16); err != nil {
			return nil, errors.New("the argument is not a number")
		}
		return get(name + "[" + arg + "]"), nil
	}
}

// Texts is a list of texts.
func Texts(items ...string) event.Value {
	list := make([]event.Value, len(items))
	for i, item := range items {
		list[i] = event.Text(item)
	}
	return event.ListOf(list)
}
