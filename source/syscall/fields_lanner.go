package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
)

// lannerFields are fields that the reference implementation does not have.
var lannerFields = []field.Definition{
	{Name: "lanner.argv", Type: field.Charbuf, List: true,
		Desc: "Command line arguments as a list, the first included: what proc.args joins with spaces and cannot be split again.",
		Get:  argv},
	{Name: "lanner.enrichment.status", Type: field.Charbuf,
		Desc: "Why nothing more is known of the event's container: not_found (no runtime knows it), no_runtime (none answers), timeout (the answer did not come in time). No value where all is known, and on the host.",
		Get:  enrichmentStatus},
}

// Why a container is not known.
const (
	notFound  = "not_found"
	noRuntime = "no_runtime"
	timedOut  = "timeout"
)

func enrichmentStatus(ev *event.Event) event.Value {
	c := of(ev).container()
	if c.Known {
		return event.Value{}
	}
	switch c.Search {
	case container.Searching:
		return event.Text(timedOut)
	case container.NotFound:
		return event.Text(notFound)
	case container.NoRuntime:
		return event.Text(noRuntime)
	case container.NotSearched:
	}
	return event.Value{}
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
