package syscall

import (
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

const second = uint64(time.Second)

var timeFields = []field.Definition{
	{Name: "evt.time", Type: field.Charbuf, Desc: "Local time of the event, with nanoseconds.", Get: clock("15:04:05.000000000", time.Local)},
	{Name: "evt.time.s", Type: field.Charbuf, Desc: "Local time of the event, in seconds.", Get: clock("15:04:05", time.Local)},
	{Name: "evt.time.iso8601", Type: field.Charbuf, Desc: "Time of the event in ISO 8601 form, UTC, with nanoseconds.",
		Get: clock("2006-01-02T15:04:05.000000000-0700", time.UTC)},
	{Name: "evt.datetime", Type: field.Charbuf, Desc: "Local date and time of the event, with nanoseconds.",
		Get: clock("2006-01-02 15:04:05.000000000", time.Local)},
	{Name: "evt.datetime.s", Type: field.Charbuf, Desc: "Local date and time of the event, in seconds.",
		Get: clock("2006-01-02 15:04:05", time.Local)},
	{Name: "evt.outputtime", Type: field.Charbuf, Flags: field.PrintOnly, Desc: "Local time of the event, with nanoseconds.",
		Get: clock("15:04:05.000000000", time.Local)},
	{Name: "evt.rawtime", Type: field.AbsTime, Desc: "Time of the event, in nanoseconds since the epoch.", Get: nanoseconds(since(0))},
	{Name: "evt.rawtime.s", Type: field.AbsTime, Desc: "The whole seconds of evt.rawtime.", Get: seconds(since(0))},
	{Name: "evt.rawtime.ns", Type: field.AbsTime, Desc: "The nanoseconds beyond the second of evt.rawtime.", Get: fraction(since(0))},
	{Name: "evt.reltime", Type: field.RelTime, Desc: "Nanoseconds since the stream's first event.", Get: nanoseconds(sinceStart)},
	{Name: "evt.reltime.s", Type: field.RelTime, Desc: "The whole seconds of evt.reltime.", Get: seconds(sinceStart)},
	{Name: "evt.reltime.ns", Type: field.RelTime, Desc: "The nanoseconds beyond the second of evt.reltime.", Get: fraction(sinceStart)},
	{Name: "evt.deltatime", Type: field.RelTime, Desc: "Nanoseconds since the event before.", Get: nanoseconds(sinceBefore)},
	{Name: "evt.deltatime.s", Type: field.RelTime, Desc: "The whole seconds of evt.deltatime.", Get: seconds(sinceBefore)},
	{Name: "evt.deltatime.ns", Type: field.RelTime, Desc: "The nanoseconds beyond the second of evt.deltatime.", Get: fraction(sinceBefore)},
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

// clock makes a getter of the event's time in a layout of package time.
func clock(layout string, zone *time.Location) field.Getter {
	return func(ev *event.Event) event.Value {
		t := time.Unix(0, int64(ev.Time)).In(zone)
		return event.Text(ev.Scratch.Text(t.AppendFormat(ev.Scratch.Buffer(len(layout)+8), layout)))
	}
}

// span is how much later than something the event is, in nanoseconds; false
// where there is nothing to compare with.
type span func(*event.Event) (uint64, bool)

func since(start uint64) span {
	return func(ev *event.Event) (uint64, bool) { return ev.Time - start, true }
}

func sinceStart(ev *event.Event) (uint64, bool) {
	e := of(ev)
	if e.Host == nil || ev.Time < e.Host.Start {
		return 0, e.Host != nil
	}
	return ev.Time - e.Host.Start, true
}

func sinceBefore(ev *event.Event) (uint64, bool) {
	e := of(ev)
	if e.Host == nil || e.Host.Before == 0 || ev.Time < e.Host.Before {
		return 0, e.Host != nil
	}
	return ev.Time - e.Host.Before, true
}

func nanoseconds(of span) field.Getter { return spanGetter(of, func(n uint64) uint64 { return n }) }
func seconds(of span) field.Getter {
	return spanGetter(of, func(n uint64) uint64 { return n / second })
}
func fraction(of span) field.Getter {
	return spanGetter(of, func(n uint64) uint64 { return n % second })
}

func spanGetter(of span, part func(uint64) uint64) field.Getter {
	return func(ev *event.Event) event.Value {
		if n, ok := of(ev); ok {
			return event.Uint(part(n))
		}
		return event.Value{}
	}
}

func zero(*event.Event) event.Value { return event.Uint(0) }
