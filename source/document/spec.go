package document

import (
	"slices"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/jsondoc"
)

// Spec is all that sets a JSON source apart.
type Spec struct {
	Name   string // as rules write it
	Plugin string // name of the reference's plugin
	// Match tells from its shape whether a document, or an item of an array of
	// them, is the source's.
	Match func(doc jsondoc.Node) bool
	// Lists are the names of members that may hold the events of a document with
	// several.
	Lists []string
	// Rewrite appends an event in the form that the fields read, where it came in
	// another; nil: there is no other. It appends nothing where there is nothing
	// to do.
	Rewrite func(b []byte, ev jsondoc.Node, s *event.Scratch) []byte
	// Time is when an event happened, in ns since the epoch; 0 where it does not
	// say. nil: no event says.
	Time func(ev jsondoc.Node) (uint64, error)
	// Info is the event as text; nil: all of its JSON.
	Info Getter
	// Fields are the source's own.
	Fields [][]field.Definition
}

// New makes a source.
func New(spec Spec) Source {
	if spec.Info == nil {
		spec.Info = wholeText
	}
	s := &source{spec: spec}
	s.fields = field.NewRegistry(slices.Concat(commonTables(spec.Info), spec.Fields)...)
	return s
}

type source struct {
	spec   Spec
	fields *field.Registry
}

func (s *source) Name() string            { return s.spec.Name }
func (s *source) Fields() *field.Registry { return s.fields }
func (*source) Types() *event.Types       { return nil }
func (s *source) Plugin() string          { return s.spec.Plugin }

// Match takes what the spec takes, lists of it, and arrays with some of it.
func (s *source) Match(doc jsondoc.Node) bool {
	if doc.Kind() != jsondoc.Array {
		return s.spec.Match(doc)
	}
	for item := range doc.Items() {
		if s.spec.Match(item) {
			return true
		}
	}
	return false
}

func (s *source) Events(doc jsondoc.Node) jsondoc.Node {
	if doc.Kind() == jsondoc.Array {
		return doc
	}
	for _, name := range s.spec.Lists {
		if list := doc.Get(name); list.Kind() == jsondoc.Array {
			return list
		}
	}
	return jsondoc.Node{}
}

// Rewrite makes the source a Rewriter.
func (s *source) Rewrite(b []byte, ev jsondoc.Node, scratch *event.Scratch) []byte {
	if s.spec.Rewrite == nil {
		return b
	}
	return s.spec.Rewrite(b, ev, scratch)
}

func (s *source) Time(ev jsondoc.Node) (uint64, error) {
	if s.spec.Time == nil {
		return 0, nil
	}
	return s.spec.Time(ev)
}

// TimeAt reads the time of events from a member.
func TimeAt(name string) func(jsondoc.Node) (uint64, error) {
	return func(ev jsondoc.Node) (uint64, error) { return ev.Get(name).Time() }
}
