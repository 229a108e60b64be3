package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

var resultFields = []field.Definition{
	{Name: "evt.res", Type: field.Charbuf, Desc: "SUCCESS, or the name of the error that the call returned.", Get: result},
	{Name: "evt.rawres", Type: field.Int64, Desc: "What the call returned, errors as negative numbers.", Get: rawResult},
	{Name: "evt.failed", Type: field.Bool, Desc: "Whether the call returned an error.", Get: failed},
	{Name: "evt.count", Type: field.Uint32, Desc: "1, for adding up.", Get: one},
	{Name: "evt.count.error", Type: field.Uint32, Desc: "1 for calls that returned an error.", Get: countErrors()},
	{Name: "evt.count.error.file", Type: field.Uint32, Desc: "1 for calls on files that returned an error.", Get: countErrors("file")},
	{Name: "evt.count.error.net", Type: field.Uint32, Desc: "1 for calls on the network that returned an error.", Get: countErrors("net")},
	{Name: "evt.count.error.memory", Type: field.Uint32, Desc: "1 for calls on memory that returned an error.", Get: countErrors("memory")},
	{Name: "evt.count.error.other", Type: field.Uint32, Desc: "1 for calls of any other class that returned an error.", Get: countOtherErrors},
	{Name: "evt.count.exit", Type: field.Uint32, Desc: "1 for the exit side of a call.",
		Get: countIf(func(e *Event) bool { return !e.Enter() })},
	{Name: "evt.count.procinfo", Type: field.Uint32, Flags: field.TableOnly, Desc: "1 for events of a process's main thread that tell its CPU time.",
		Get: func(ev *event.Event) event.Value {
			e := of(ev)
			return number(e.Info.Num == EvProcinfoE && e.Thread != nil && e.Thread.IsLeader())
		}},
	{Name: "evt.count.threadinfo", Type: field.Uint32, Flags: field.TableOnly, Desc: "1 for events that tell a thread's CPU time.",
		Get: func(ev *event.Event) event.Value { return number(of(ev).Info.Num == EvProcinfoE) }},
}

// returned is what the call returned; false for events that are not the exit
// of a call or have no such parameter.
func (e *Event) returned() (int64, bool) {
	if e.Enter() || e.nparams == 0 || !e.Info.hasResult() || len(e.params[0]) == 0 {
		return 0, false
	}
	return readInt(e.params[0]), true
}

// hasResult tells whether the first parameter is what the call returned.
func (t *TypeInfo) hasResult() bool {
	if len(t.Params) == 0 {
		return false
	}
	switch t.Params[0].Name {
	case "res":
		return true
	case "fd":
		return t.Flags&CreatesFd != 0
	}
	return false
}

func rawResult(ev *event.Event) event.Value {
	if res, ok := of(ev).returned(); ok {
		return event.Int(res)
	}
	return event.Value{}
}

func failed(ev *event.Event) event.Value {
	if res, ok := of(ev).returned(); ok {
		return event.Bool(res < 0)
	}
	return event.Value{}
}

func result(ev *event.Event) event.Value {
	res, ok := of(ev).returned()
	switch {
	case !ok:
		return event.Value{}
	case res >= 0:
		return event.Text("SUCCESS")
	}
	if name := errnoName(-res); name != "" {
		return event.Text(name)
	}
	return event.Text(ev.Scratch.Text(strconv.AppendInt(ev.Scratch.Buffer(20), res, 10)))
}

// number is 1 for true, 0 for false.
func number(b bool) event.Value {
	if b {
		return event.Uint(1)
	}
	return event.Uint(0)
}

func one(*event.Event) event.Value { return event.Uint(1) }

// countIf makes a getter that is 1 for some events and missing for others.
func countIf(is func(*Event) bool) field.Getter {
	return func(ev *event.Event) event.Value {
		if is(of(ev)) {
			return event.Uint(1)
		}
		return event.Value{}
	}
}

// countErrors counts errors, of one class if a name is given.
func countErrors(class ...string) field.Getter {
	return countIf(func(e *Event) bool {
		res, _ := e.returned()
		return res < 0 && (len(class) == 0 || category(&e.Head).Str() == class[0])
	})
}

func countOtherErrors(ev *event.Event) event.Value {
	res, _ := of(ev).returned()
	if res >= 0 {
		return event.Value{}
	}
	switch category(ev).Str() {
	case "file", "net", "memory":
		return event.Value{}
	}
	return event.Uint(1)
}
