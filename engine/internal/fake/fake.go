// Package fake is an event source of plain values, for the engine's tests.
package fake

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Source is a source whose events are maps from field text to value.
type Source struct {
	name   string
	fields *field.Registry
	types  *event.Types
}

// Name is the source's name.
func (s *Source) Name() string { return s.name }

// Fields are its fields.
func (s *Source) Fields() *field.Registry { return s.fields }

// Types are its event types.
func (s *Source) Types() *event.Types { return s.types }

// Values is the payload of an event: values by field as written, the argument
// in brackets.
type Values map[string]event.Value

// New makes a source. Fields of the names that stand in numbers are numbers,
// all others texts; all take an argument.
func New(name string, types *event.Types, fields ...string) *Source {
	numbers := map[string]bool{"evt.num": true, "proc.pid": true, "fd.num": true}
	table := make([]field.Definition, len(fields))
	for i, f := range fields {
		table[i] = field.Definition{
			Name: f, Type: field.Charbuf, Arg: field.ArgOptional | field.ArgKey,
			Get:  get(f),
			Bind: func(arg string) (field.Getter, error) { return get(f + "[" + arg + "]"), nil },
		}
		if numbers[f] {
			table[i].Type = field.Uint64
		}
		table[i].Flags = flags[f]
		if f == "evt.type" && types != nil {
			table[i].Arg = field.ArgNone
			table[i].Get = func(ev *event.Event) event.Value { return event.Text(types.Name(ev.Type)) }
			table[i].Bind = nil
		}
	}
	return &Source{name: name, fields: field.NewRegistry(table), types: types}
}

var flags = map[string]field.Flags{
	"evt.dir": field.Deprecated, "proc.name": field.Forgeable, "proc.pname": field.Forgeable, "proc.cmdline": field.Forgeable,
}

// Panics is the payload of an event whose fields panic.
type Panics struct{}

func get(key string) field.Getter {
	return func(ev *event.Event) event.Value {
		if _, broken := ev.Payload.(Panics); broken {
			panic("fake: a field panics")
		}
		values, _ := ev.Payload.(Values)
		return values[key]
	}
}

// Syscall is a small source by the name of the default one.
func Syscall() *Source {
	return New("syscall",
		event.NewTypes("open", "openat", "openat2", "close", "execve", "execveat", "connect", "read", "write", "clone"),
		"evt.type", "evt.num", "evt.dir", "evt.arg", "evt.res",
		"proc.name", "proc.pname", "proc.pid", "proc.cmdline", "proc.exepath", "proc.aname",
		"fd.name", "fd.filename", "fd.directory", "user.name", "container.id")
}

// Audit is a small source without event types.
func Audit() *Source {
	return New("k8s_audit", nil, "ka.verb", "ka.user.name", "ka.target.name", "jevt.value")
}
