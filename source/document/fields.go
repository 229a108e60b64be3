package document

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/anyfield"
	"github.com/lannersec/lanner/source/jsondoc"
)

// commonTables are the fields that all JSON sources have: those of every event, of the
// reference's plugins, and of JSON.
func commonTables(info Getter) [][]field.Definition {
	return [][]field.Definition{anyfield.Table(streamOf), pluginTable(info), jsonTable("json"), jsonTable("jevt")}
}

// streamOf is the stream of an event.
func streamOf(ev *event.Event) anyfield.Stream {
	e := Of(ev)
	return anyfield.Stream{
		Source: e.Source.Name(), Host: e.Origin.Host,
		Start: e.Stream.Start, Before: e.Stream.Before, Ordered: true,
	}
}

func pluginTable(info Getter) []field.Definition {
	return []field.Definition{
		{Name: "evt.pluginname", Type: field.Charbuf, Desc: "Name of the reference's plugin for the source.",
			Get: func(ev *event.Event) event.Value { return event.Text(Of(ev).Source.Plugin()) }},
		{Name: "evt.plugininfo", Type: field.Charbuf, Desc: "The event as text.", Get: Field(info)},
		{Name: "evt.is_async", Type: field.Bool, Desc: "Whether the event was injected into the stream; never.",
			Get: func(*event.Event) event.Value { return event.Bool(false) }},
		{Name: "evt.asynctype", Type: field.Charbuf, Desc: "Name that an injected event carries.",
			Missing: "events of logs are not injected"},
	}
}

// jsonTable is the fields of JSON under one of their two prefixes.
func jsonTable(prefix string) []field.Definition {
	return []field.Definition{
		{Name: prefix + ".value", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindPointer,
			Desc: "The value that a JSON pointer leads to, such as " + prefix + ".value[/user/groups/0]."},
		{Name: prefix + ".obj", Type: field.Charbuf, Desc: "The whole event as JSON on many lines.",
			Get: Field(func(e *Event) event.Value { return event.Text(e.Root.Indented(&e.Head.Scratch)) })},
		{Name: prefix + ".rawtime", Type: field.Charbuf, Desc: "Time of the event, in nanoseconds since the epoch, as text.",
			Get: Field(rawTime)},
	}
}

func bindPointer(arg string) (field.Getter, error) {
	p, err := jsondoc.ParsePointer(arg)
	if err != nil {
		return nil, err
	}
	return pointer(p), nil
}

func rawTime(e *Event) event.Value {
	s := &e.Head.Scratch
	return event.Text(s.Text(strconv.AppendUint(s.Buffer(20), e.Head.Time, 10)))
}

// wholeText is the event as JSON on one line.
func wholeText(e *Event) event.Value { return e.Root.Value(&e.Head.Scratch) }
