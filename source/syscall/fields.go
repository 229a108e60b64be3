package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

// source is the engine's view of this package.
type source struct{ fields *field.Registry }

var theSource = &source{field.NewRegistry(
	anyFields, evtFields, latencyFields, resultFields, argFields, openFields, bufferFields,
	fdFields, netFields, fdListFields, fsPathFields,
	procFields, lineageFields, sessionFields, threadFields, userFields,
	containerFields, k8sFields, k8smetaFields, lannerFields,
)}

// SourceName is the source's name, as rules write it.
const SourceName = "syscall"

// Source is the syscall event source: its fields and event types.
func Source() field.Source { return theSource }

func (*source) Name() string              { return SourceName }
func (s *source) Fields() *field.Registry { return s.fields }
func (*source) Types() *event.Types       { return types }

// of is the event that fields of this source read.
func of(ev *event.Event) *Event { return ev.Payload.(*Event) }

// thread makes a getter of what is known of the acting thread.
func thread(get func(*process.Thread) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		t := of(ev).Thread
		if t == nil {
			return event.Value{}
		}
		return get(t)
	}
}

// index parses an argument that is a number from 0.
func index(arg string) (int, error) {
	n, err := strconv.ParseUint(arg, 10, 16)
	if err != nil {
		return 0, &argError{arg, "a number is needed"}
	}
	return int(n), nil
}

// argError says why a field refuses an argument.
type argError struct{ arg, reason string }

func (e *argError) Error() string { return "argument " + strconv.Quote(e.arg) + ": " + e.reason }
