// Package document turns JSON texts into events. The sources over JSON, a
// package each beside this one, say which documents are theirs, which events
// are in one, and when each happened; a Reader does the rest.
package document

import (
	"errors"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/jsondoc"
)

// Source is an event source whose events are JSON documents. Sources are safe
// for concurrent use.
type Source interface {
	field.Source
	// Plugin is the name that the reference's plugin for the source has; rules
	// files may require it.
	Plugin() string
	// Match tells from its shape whether a document is the source's.
	Match(doc jsondoc.Node) bool
	// Events is the array of the document's events; a Node that does not exist
	// where the document is itself an event.
	Events(doc jsondoc.Node) jsondoc.Node
	// Time is when an event happened, in ns since the epoch; 0 where it does not
	// say. An error makes the event one that is refused.
	Time(ev jsondoc.Node) (uint64, error)
}

// Observer is a source that remembers events for later ones.
type Observer interface {
	// Observe is called once for each event, before rules see it.
	Observe(e *Event)
}

// Rewriter is a source whose events come in several forms.
type Rewriter interface {
	// Rewrite appends an event in the form that the fields read; nothing where it
	// is in that form.
	Rewrite(b []byte, ev jsondoc.Node, s *event.Scratch) []byte
}

// Event is the payload of a JSON source's event: one is reused for all events of
// a Reader.
type Event struct {
	Head event.Event
	// Root is the event itself, a part of a document where that holds several.
	Root jsondoc.Node
	// Source is whose event it is.
	Source Source
	// Origin is what is known of the document besides its text.
	Origin Origin
	// Stream is what the reader knows of the events before.
	Stream Stream

	inner     jsondoc.Document
	innerRead bool // inner belongs to this event
}

// Inner is the document that a string of the event holds, for sources whose
// events have one such string. It is read when it is asked for, once.
func (e *Event) Inner(n jsondoc.Node) jsondoc.Node {
	if !e.innerRead {
		e.innerRead = true
		// What is no document has no values in it.
		_, _ = e.inner.Parse(strings.TrimLeft(n.Text(&e.Head.Scratch), " \t\r\n"))
	}
	return e.inner.Root()
}

// Of is the payload of an event of a JSON source.
func Of(ev *event.Event) *Event { return ev.Payload.(*Event) }

// Origin is what is known of a document besides its text.
type Origin struct {
	// Received is the time for events that have none, in ns since the epoch.
	Received uint64
	// Type is what the transport says of the document's type: the header
	// X-GitHub-Event. Empty: nothing.
	Type string
	// Host is the name of the machine that reads.
	Host string
}

// Stream is what a Reader knows of the events it has read of one source.
type Stream struct {
	Num           uint64 // of the current event, from 1
	Start, Before uint64 // times of the first event and of the one before, ns; 0: none
}

// ErrUnknown tells that no source takes a document.
var ErrUnknown = errors.New("the document is no event of a known source")
