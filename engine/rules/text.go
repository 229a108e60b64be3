package rules

import (
	"sort"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
)

// text is a condition or output on its way to the parser: bytes put together
// from scalars of the files, each of which knows where it was written.
type text struct {
	b     []byte
	parts []part // in order; a part ends where the next begins
	// cutShort tells that lists did not fit.
	cutShort bool
	items    int      // of lists
	lists    []string // the lists that were substituted into it
}

// part is a stretch of a text.
type part struct {
	at  int    // where it begins in the text
	s   scalar // where it is from
	off int    // where it begins in the scalar
	// glue is text that nobody wrote (parentheses of an exception, quotes): it
	// stands for the scalar as a whole.
	glue bool
	via  *usage // set where the part came in by a list
}

// usage is where a list's name stood that was replaced by its items.
type usage struct {
	list  diag.Item
	place diag.Range
}

// reset empties the text and keeps its memory.
func (t *text) reset() *text {
	*t = text{b: t.b[:0], parts: t.parts[:0]}
	return t
}

func (t *text) String() string { return string(t.b) }

// add appends all of a scalar.
func (t *text) add(s scalar) {
	t.parts = append(t.parts, part{at: len(t.b), s: s})
	t.b = append(t.b, s.text...)
}

// glue appends text that stands for a scalar.
func (t *text) glue(words string, s scalar) {
	t.parts = append(t.parts, part{at: len(t.b), s: s, glue: true})
	t.b = append(t.b, words...)
}

// join appends scalars with blanks between them.
func (t *text) join(j joined) {
	for i, s := range j {
		if i > 0 {
			t.glue(" ", s)
		}
		t.add(s)
	}
}

// copy appends from.b[start:end] with its places.
func (t *text) copy(from *text, start, end int) {
	for i := from.partAt(start); i < len(from.parts) && from.parts[i].at < end; i++ {
		p := from.parts[i]
		if skip := start - p.at; skip > 0 {
			p.off += skip
			p.at += skip
		}
		p.at += len(t.b) - start
		t.parts = append(t.parts, p)
	}
	t.b = append(t.b, from.b[start:end]...)
}

// partAt is the index of the part that holds an offset.
func (t *text) partAt(offset int) int {
	i := sort.Search(len(t.parts), func(i int) bool { return t.parts[i].at > offset })
	return max(0, i-1)
}

// locate finds where a span was written. A span over several scalars is
// reported up to the end of the first.
func (t *text) locate(at filter.Span) (diag.Range, *usage) {
	if len(t.parts) == 0 {
		return diag.Range{}, nil
	}
	i := t.partAt(min(at.Start, max(0, len(t.b)-1)))
	p := t.parts[i]
	if p.glue {
		return p.s.all(), p.via
	}
	start := at.Start - p.at + p.off
	end := max(start, at.End-p.at+p.off)
	if i+1 < len(t.parts) {
		end = min(end, t.parts[i+1].at-p.at+p.off)
	}
	return p.s.rng(min(start, len(p.s.text)), min(end, len(p.s.text))), p.via
}
