package anyfield

import (
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

const second = uint64(time.Second)

func timeTable(of Of) []field.Definition {
	sinceStart, sinceBefore := spanFrom(of, Stream.start), spanFrom(of, Stream.before)
	return []field.Definition{
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
		{Name: "evt.rawtime", Type: field.AbsTime, Desc: "Time of the event, in nanoseconds since the epoch.", Get: nanoseconds(sinceEpoch)},
		{Name: "evt.rawtime.s", Type: field.AbsTime, Desc: "The whole seconds of evt.rawtime.", Get: seconds(sinceEpoch)},
		{Name: "evt.rawtime.ns", Type: field.AbsTime, Desc: "The nanoseconds beyond the second of evt.rawtime.", Get: fraction(sinceEpoch)},
		{Name: "evt.reltime", Type: field.RelTime, Desc: "Nanoseconds since the stream's first event.", Get: nanoseconds(sinceStart)},
		{Name: "evt.reltime.s", Type: field.RelTime, Desc: "The whole seconds of evt.reltime.", Get: seconds(sinceStart)},
		{Name: "evt.reltime.ns", Type: field.RelTime, Desc: "The nanoseconds beyond the second of evt.reltime.", Get: fraction(sinceStart)},
		{Name: "evt.deltatime", Type: field.RelTime, Desc: "Nanoseconds since the event before.", Get: nanoseconds(sinceBefore)},
		{Name: "evt.deltatime.s", Type: field.RelTime, Desc: "The whole seconds of evt.deltatime.", Get: seconds(sinceBefore)},
		{Name: "evt.deltatime.ns", Type: field.RelTime, Desc: "The nanoseconds beyond the second of evt.deltatime.", Get: fraction(sinceBefore)},
	}
}

func (s Stream) start() uint64  { return s.Start }
func (s Stream) before() uint64 { return s.Before }

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

func sinceEpoch(ev *event.Event) (uint64, bool) { return ev.Time, true }

// spanFrom measures from a time of the stream; 0 where that is not known or later.
func spanFrom(of Of, from func(Stream) uint64) span {
	return func(ev *event.Event) (uint64, bool) {
		s := of(ev)
		then := from(s)
		if !s.Ordered || then == 0 || ev.Time < then {
			return 0, s.Ordered
		}
		return ev.Time - then, true
	}
}

func nanoseconds(of span) field.Getter { return part(of, event.Uint) }

func seconds(of span) field.Getter {
	return part(of, func(n uint64) event.Value { return event.Uint(n / second) })
}

func fraction(of span) field.Getter {
	return part(of, func(n uint64) event.Value { return event.Uint(n % second).InNineDigits() })
}

func part(of span, cut func(uint64) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		if n, ok := of(ev); ok {
			return cut(n)
		}
		return event.Value{}
	}
}
