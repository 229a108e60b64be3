package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// HostNameFields are the fields with host names. Whoever runs rules has the
// names that conditions compare them with resolved, see Host.Names.
var HostNameFields = []string{"fd.cip.name", "fd.sip.name", "fd.lip.name", "fd.rip.name"}

// namesOf makes a getter of the host names of an end's address, a list where
// there are several.
func namesOf(which endOf) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		fd := e.known()
		if fd == nil || e.Host == nil || e.Host.Names == nil {
			return event.Value{}
		}
		at, ok := which(e, fd)
		if !ok {
			return event.Value{}
		}
		return nameList(ev, e.Host.Names.Of(at.ip))
	}
}

func nameList(ev *event.Event, names []string) event.Value {
	switch len(names) {
	case 0:
		return event.Value{}
	case 1:
		return event.Text(names[0])
	}
	list := ev.Scratch.List(len(names))
	for i, name := range names {
		list[i] = event.Text(name)
	}
	return event.ListOf(list)
}
