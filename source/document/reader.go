package document

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/lannersec/lanner/source/jsondoc"
)

// Reader reads documents for one goroutine. It allocates nothing once its
// buffers have grown to the size of the documents.
type Reader struct {
	sources []Source
	streams []Stream // by source
	doc     jsondoc.Document
	event   Event

	rewritten []byte // the event at hand, where it came in another form
	other     jsondoc.Document
}

// NewReader makes a reader that offers each document to sources in their order.
// One source is a reader for documents that are known to be its.
func NewReader(sources ...Source) *Reader {
	r := &Reader{sources: sources, streams: make([]Stream, len(sources))}
	r.event.Head.Payload = &r.event
	return r
}

// Read calls each with every event of text, in its order. The text is one
// document, or several on lines of their own; it must not change until Read
// returns. An event is valid until each returns.
//
// A line or an event that cannot be read costs only itself: Read goes on, and
// returns the first error with the number of those that were refused.
func (r *Reader) Read(text string, origin Origin, each func(*Event)) (Tally, error) {
	var t Tally
	var first error
	refuse := func(err error) {
		t.Refused++
		if first == nil {
			first = err
		}
	}
	r.event.Origin = origin
	for text = strings.TrimLeft(text, " \t\r\n"); text != ""; {
		rest, err := r.doc.Parse(text)
		if err == nil && !endsLine(text[:len(text)-len(rest)], rest) {
			err = &jsondoc.Error{Offset: len(text) - len(rest), Message: "there is something after the document"}
		}
		if err != nil {
			refuse(err)
			text = nextLine(text)
			continue
		}
		t.Events += r.read(each, refuse)
		text = rest
	}
	return t, first
}

// ReadBytes is Read for bytes.
func (r *Reader) ReadBytes(text []byte, origin Origin, each func(*Event)) (Tally, error) {
	return r.Read(view(text), origin, each)
}

// view is b as text, without a copy: for as long as b does not change.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Tally counts what a Read came to.
type Tally struct {
	Events  int // given to each
	Refused int // documents and events that could not be read
}

// endsLine tells whether rest, which has no blanks at its start, begins a line.
func endsLine(read, rest string) bool {
	return rest == "" || strings.LastIndexByte(read, '\n') > strings.LastIndexAny(read, "}]\"")
}

// nextLine is where reading goes on after an error: a line that begins a
// document. A line inside a document that was written on several begins with
// blanks or ends one.
func nextLine(text string) string {
	for {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i+1:]
		if text != "" && (text[0] == '{' || text[0] == '[') {
			return text
		}
	}
}

// read gives the document's events to each.
func (r *Reader) read(each func(*Event), refuse func(error)) (events int) {
	root := r.doc.Root()
	for i, source := range r.sources {
		if !source.Match(root) {
			continue
		}
		one := func(n jsondoc.Node) {
			if err := r.begin(i, n); err != nil {
				refuse(fmt.Errorf("%s: %w", source.Name(), err))
				return
			}
			events++
			each(&r.event)
		}
		list := source.Events(root)
		if !list.Exists() {
			one(root)
			return events
		}
		for item := range list.Items() {
			one(item)
		}
		return events
	}
	refuse(ErrUnknown)
	return 0
}

// begin makes the reader's event that of n.
func (r *Reader) begin(source int, n jsondoc.Node) error {
	e := &r.event
	e.Head.Scratch.Reset()
	e.Source, e.innerRead = r.sources[source], false
	n, err := r.rewrite(n)
	if err != nil {
		return err
	}
	e.Root = n
	at, err := e.Source.Time(n)
	if err != nil {
		return err
	}
	if at == 0 {
		at = e.Origin.Received
	}
	s := &r.streams[source]
	s.Num++
	if s.Num == 1 {
		s.Start = at
	}
	e.Stream = *s
	s.Before = at
	e.Head.Time, e.Head.Num = at, s.Num
	if o, ok := e.Source.(Observer); ok {
		o.Observe(e)
	}
	return nil
}

// rewrite is the event in the form that its fields read.
func (r *Reader) rewrite(n jsondoc.Node) (jsondoc.Node, error) {
	source, ok := r.event.Source.(Rewriter)
	if !ok {
		return n, nil
	}
	r.rewritten = source.Rewrite(r.rewritten[:0], n, &r.event.Head.Scratch)
	if len(r.rewritten) == 0 {
		return n, nil
	}
	if _, err := r.other.Parse(view(r.rewritten)); err != nil {
		return jsondoc.Node{}, fmt.Errorf("the event within: %w", err)
	}
	return r.other.Root(), nil
}

// NewEvent makes an event of its own out of a document that is one, whatever its
// shape: for tests and tools.
func NewEvent(source Source, text string) (*Event, error) {
	r := NewReader(source)
	if _, err := r.doc.Parse(text); err != nil {
		return nil, err
	}
	r.event.Root, r.event.Source = r.doc.Root(), source
	return &r.event, nil
}
