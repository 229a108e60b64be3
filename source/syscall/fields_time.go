package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/anyfield"
)

// anyFields are those of every source: number, times, source, host.
var anyFields = anyfield.Table(streamOf)

// streamOf is the stream of an event, which has the same Host as all of it.
func streamOf(ev *event.Event) anyfield.Stream {
	s := anyfield.Stream{Source: SourceName}
	if h := of(ev).Host; h != nil {
		s.Host, s.Start, s.Before, s.Ordered = h.Name, h.Start, h.Before, true
	}
	return s
}

// latencyFields are those of the times between the two sides of a call.
var latencyFields = []field.Definition{
	{Name: "evt.latency", Type: field.RelTime, Flags: field.Deprecated, Desc: "Zero: calls are one event, so there is no delay between two.", Get: zero},
	{Name: "evt.latency.s", Type: field.RelTime, Flags: field.Deprecated, Desc: "As evt.latency.", Get: zero},
	{Name: "evt.latency.ns", Type: field.RelTime, Flags: field.Deprecated, Desc: "As evt.latency.", Get: zero},
	{Name: "evt.latency.quantized", Type: field.Uint64, Flags: field.TableOnly | field.Deprecated, Desc: "Latency on a scale.", Missing: oneEventACall},
	{Name: "evt.latency.human", Type: field.Charbuf, Flags: field.Deprecated, Desc: "Latency as text.",
		Get: func(*event.Event) event.Value { return event.Text("0ns") }},
	{Name: "evt.wait_latency", Type: field.RelTime, Flags: field.Deprecated, Desc: "Time that a call waited.", Missing: oneEventACall},
}

// oneEventACall is why there are no latencies.
const oneEventACall = "calls are captured when they return, so there is no time between two events"

func zero(*event.Event) event.Value { return event.Uint(0) }
