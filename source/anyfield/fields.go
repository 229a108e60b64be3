// Package anyfield holds the fields that events of every source have: number,
// time, source, host.
package anyfield

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Stream is what these fields need to know beyond the event itself.
type Stream struct {
	Source string // name of the source
	Host   string // name of the machine; empty: unknown
	// Start is the time of the stream's first event, Before that of the event
	// before the current one, 0 for none; in ns since the epoch.
	Start, Before uint64
	// Ordered tells that Start and Before are known.
	Ordered bool
}

// Of tells the stream of an event.
type Of func(*event.Event) Stream

// Table is the fields, for a source that can tell an event's stream.
func Table(of Of) []field.Definition {
	return append([]field.Definition{
		{Name: "evt.num", Type: field.Uint64, Desc: "Number of the event within its stream, from 1.",
			Get: func(ev *event.Event) event.Value { return event.Uint(ev.Num) }},
		{Name: "evt.source", Type: field.Charbuf, Desc: "Name of the event source, such as syscall.",
			Get: func(ev *event.Event) event.Value { return event.Text(of(ev).Source) }},
		{Name: "evt.hostname", Type: field.Charbuf, Desc: "Name of the host that reads the events.",
			Get: func(ev *event.Event) event.Value { return known(of(ev).Host) }},
	}, timeTable(of)...)
}

// known is a text that is missing where it is empty.
func known(s string) event.Value {
	if s == "" {
		return event.Value{}
	}
	return event.Text(s)
}
