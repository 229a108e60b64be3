// Package jsondoc reads JSON documents for rules: one pass makes a compact
// index of a text, and values are looked up in it. Nothing is converted before
// a rule asks for it, and nothing is allocated once the index has grown to the
// size of the documents.
//
// It is stricter than a lenient reader only where it matters to what rules see:
// brackets, quotes, commas and escapes must be right. Control characters in
// strings, bytes that are no UTF-8 and odd numbers are left as they are, so that
// no producer's slip hides an event.
package jsondoc

// Bounds of a document.
const (
	// MaxBytes is how long a document may be.
	MaxBytes = 64 << 20
	// MaxDepth is how deep arrays and objects may be nested.
	MaxDepth = 300
	// maxValues is how many values and names a document may have: the index
	// takes 16 bytes for each.
	maxValues = 8 << 20
	// keptValues is how large an index is kept for the next document.
	keptValues = 1 << 20
)

// Document is an indexed text. It is reused for one text after the other; it,
// its Nodes and what was read from them belong to one goroutine and are valid
// until the next Parse.
type Document struct {
	text  string
	tape  []entry
	depth int
	err   *Error
}

// entry is a value, or the name of an object's member, in the order of the
// text. A name stands before its value; what is in an array or object stands
// after it.
type entry struct {
	start, end uint32 // in the text: quotes and brackets included
	next       uint32 // index of the entry behind this one and all in it
	kind       Kind
	flags      flags
}

// flags are what is known of a value's text from the first pass.
type flags uint8

const (
	escaped flags = 1 << iota // a string with escapes
	spaced                    // an array or object with blanks between its parts
)

// Kind is what a value is.
type Kind uint8

// The kinds of values. None is that of a Node that is not there.
const (
	None Kind = iota
	Null
	True
	False
	Number
	String
	Array
	Object
)

// Parse indexes the first document of text and returns what follows it, without
// leading blanks. It keeps text. The error is an *Error.
func (d *Document) Parse(text string) (rest string, err error) {
	if cap(d.tape) > keptValues {
		d.tape = nil
	}
	d.text, d.tape, d.depth, d.err = text, d.tape[:0], 0, nil
	if len(text) > MaxBytes {
		d.fail(MaxBytes, "the document is too long")
		return "", d.err
	}
	end := d.value(d.blanks(0))
	if end < 0 {
		d.tape = d.tape[:0]
		return "", d.err
	}
	return text[d.blanks(end):], nil
}

// Root is the document's value.
func (d *Document) Root() Node {
	if len(d.tape) == 0 {
		return Node{}
	}
	return Node{doc: d}
}
