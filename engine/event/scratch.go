package event

import "unsafe"

// Scratch is per-event memory for derived values: text that a field builds, and
// lists. Reset frees all of it at once, so after the first events nothing is
// allocated. What it returned stays valid until Reset, also when it grows:
// growing starts a new block and leaves the old one to its readers.
type Scratch struct {
	text []byte
	list []Value
}

// Reset ends the life of everything that the Scratch returned.
func (s *Scratch) Reset() {
	s.text = s.text[:0]
	s.list = s.list[:0]
}

const (
	textBlock = 4 << 10 // bytes of a new text block
	listBlock = 64      // values of a new list block
)

// Buffer returns an empty slice of at least n bytes capacity to append to; give
// the result to Text. Only one Buffer may be open at a time.
func (s *Scratch) Buffer(n int) []byte {
	if cap(s.text)-len(s.text) < n {
		s.text = make([]byte, 0, max(n, 2*cap(s.text), textBlock))
	}
	return s.text[len(s.text):len(s.text):cap(s.text)]
}

// Text takes what was appended to a Buffer and returns it as a string that
// lives until Reset.
func (s *Scratch) Text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if cap(b) <= cap(s.text)-len(s.text) && &b[0] == &s.text[:len(s.text)+1][len(s.text)] {
		s.text = s.text[:len(s.text)+len(b)]
	}
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// List returns n Missing values to fill; they live until Reset.
func (s *Scratch) List(n int) []Value {
	if cap(s.list)-len(s.list) < n {
		s.list = make([]Value, 0, max(n, 2*cap(s.list), listBlock))
	}
	l := s.list[len(s.list) : len(s.list)+n : len(s.list)+n]
	s.list = s.list[:len(s.list)+n]
	clear(l)
	return l
}

// Values returns an empty list of at least n values capacity to append to; give
// the result to Keep. Only one may be open at a time, and no List be made until
// it is kept.
func (s *Scratch) Values(n int) []Value {
	if cap(s.list)-len(s.list) < n {
		s.list = make([]Value, 0, max(n, 2*cap(s.list), listBlock))
	}
	return s.list[len(s.list):len(s.list):cap(s.list)]
}

// Keep takes what was appended to Values; it lives until Reset.
func (s *Scratch) Keep(l []Value) []Value {
	if len(l) > 0 && len(l) <= cap(s.list)-len(s.list) && &l[0] == &s.list[:len(s.list)+1][len(s.list)] {
		s.list = s.list[:len(s.list)+len(l)]
		return l[:len(l):len(l)]
	}
	return l
}
