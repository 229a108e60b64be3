package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// lannerFields are fields that the reference implementation does not have.
var lannerFields = []field.Definition{
	{Name: "lanner.argv", Type: field.Charbuf, List: true,
		Desc: "Command line arguments as a list, the first included: what proc.args joins with spaces and cannot be split again.",
		Get:  argv},
}

func argv(ev *event.Event) event.Value {
	t := of(ev).Thread
	if t == nil || t.Exe == "" && len(t.Args) == 0 {
		return event.Value{}
	}
	list := ev.Scratch.List(1 + len(t.Args))
	list[0] = event.Text(t.Exe)
	for i, arg := range t.Args {
		list[i+1] = event.Text(arg)
	}
	return event.ListOf(list)
}
