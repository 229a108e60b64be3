package k8sauditreceiver

import (
	"errors"
	"io"
	"unsafe"

	"github.com/lannersec/lanner/source/jsondoc"
)

const (
	// readSize is how much is read ahead at least.
	readSize = 64 << 10
	// maxEventBytes is how long an event may be. etcd takes objects up to 1.5 MiB;
	// an event has at most two.
	maxEventBytes = 8 << 20
	// keptBytes is how large a buffer is kept for the next request.
	keptBytes = 1 << 20
)

// splitter cuts events out of JSON as it arrives: out of lists (EventList, or an
// array), or events one after the other. It holds one event and what is read
// ahead. An event that has arrived completely, as nearly all have, is parsed
// where it stands, and that tells where it ends; the end of others is searched
// for while they arrive.
type splitter struct {
	doc   *jsondoc.Document
	body  io.Reader
	buf   []byte
	pos   int // of the next byte to look at
	start int // of the event at hand, -1 between events
	gone  int // bytes of the body that are no more in buf

	any  bool // there was a document
	list byte // closing bracket of the list that it is in, 0: none
	rest bool // it is behind the list of an object, before the object's end
}

// reset begins another body.
func (s *splitter) reset(body io.Reader) {
	buf := s.buf[:0]
	if cap(buf) > keptBytes {
		buf = nil
	}
	if s.doc == nil {
		s.doc = new(jsondoc.Document)
	}
	*s = splitter{doc: s.doc, body: body, buf: buf, start: -1}
}

// next returns the next event, valid until the next call; io.EOF where there is
// none.
func (s *splitter) next() (jsondoc.Node, error) {
	s.start = -1
	for {
		c, err := s.peek()
		switch {
		case errors.Is(err, io.EOF) && s.any && s.list == 0 && !s.rest:
			return none, io.EOF
		case err != nil:
			return none, unexpected(err)
		case s.list != 0:
			if event, err := s.item(c); event.Exists() || err != nil {
				return event, err
			}
		case s.rest:
			s.rest = false
			if _, err := s.members(); err != nil {
				return none, err
			}
		case c == '[':
			s.pos++
			s.any, s.list = true, ']'
		case c == '{':
			s.any = true
			if event, err := s.object(); event.Exists() || err != nil {
				return event, err
			}
		default:
			return none, s.fail("an object or an array is missing")
		}
	}
}

// none is no event.
var none jsondoc.Node

// item reads what comes in a list: an event, or a comma or its end, which are
// none.
func (s *splitter) item(c byte) (jsondoc.Node, error) {
	switch c {
	case ',':
		s.pos++
		return none, nil
	case ']':
		s.pos++
		s.rest, s.list = s.list == '}', 0
		return none, nil
	case '{':
		if rest, err := s.doc.Parse(view(s.buf[s.pos:])); err == nil {
			s.pos = len(s.buf) - len(rest)
			return s.doc.Root(), nil
		}
		s.start = s.pos
		if err := s.skip(); err != nil {
			return none, err
		}
		return s.parse()
	}
	return none, s.fail("an item of the list is no object")
}

// parse parses the event that the splitter has found the end of.
func (s *splitter) parse() (jsondoc.Node, error) {
	rest, err := s.doc.Parse(view(s.buf[s.start:s.pos]))
	if err != nil {
		return none, err
	}
	if rest != "" { // brackets of one kind were closed by the other's
		return none, s.fail("there is something after the event")
	}
	return s.doc.Root(), nil
}

// object reads an object outside of lists: an event, or the beginning of a list
// of them, which is none.
func (s *splitter) object() (jsondoc.Node, error) {
	s.start = s.pos
	s.pos++
	inList, err := s.members()
	if inList || err != nil {
		s.start = -1
		return none, err
	}
	return s.parse()
}

// members reads the members of an object up to its end, or into its list of
// items.
func (s *splitter) members() (inList bool, err error) {
	for {
		c, err := s.peek()
		if err != nil {
			return false, unexpected(err)
		}
		switch c {
		case '}':
			s.pos++
			return false, nil
		case ',':
			s.pos++
			continue
		case '"':
		default:
			return false, s.fail("a name in quotes is missing")
		}
		isItems, err := s.name()
		if err != nil {
			return false, err
		}
		if c, err = s.peek(); err != nil {
			return false, unexpected(err)
		}
		if isItems && c == '[' {
			s.pos++
			s.list = '}'
			return true, nil
		}
		if err := s.skip(); err != nil {
			return false, err
		}
	}
}

// name reads a member's name with its colon, and tells whether it is that of a
// list's items.
func (s *splitter) name() (isItems bool, err error) {
	const items = `"items"`
	from, kept := s.pos, s.start
	if kept < 0 { // keep the name in the buffer until it is compared
		s.start = from
	}
	at := from - s.start
	s.pos++
	if err := s.quoted(); err != nil {
		return false, err
	}
	isItems = string(s.buf[s.start+at:s.pos]) == items
	if kept < 0 {
		s.start = -1
	}
	c, err := s.peek()
	if err != nil {
		return false, unexpected(err)
	}
	if c != ':' {
		return false, s.fail("a colon is missing after the name")
	}
	s.pos++
	return isItems, nil
}

// skip reads one value.
func (s *splitter) skip() error {
	depth := 0
	for {
		c, err := s.peek()
		if err != nil {
			return unexpected(err)
		}
		switch c {
		case '"':
			s.pos++
			if err := s.quoted(); err != nil {
				return err
			}
		case '{', '[':
			s.pos++
			if depth++; depth > jsondoc.MaxDepth {
				return s.fail("the document is nested too deeply")
			}
			continue
		case '}', ']':
			if depth--; depth < 0 {
				return s.fail("a value is missing")
			}
			s.pos++
		case ',', ':':
			if depth == 0 {
				return s.fail("a value is missing")
			}
			s.pos++
			continue
		default:
			if err := s.plain(); err != nil {
				return err
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// plain reads a number or a word.
func (s *splitter) plain() error {
	for s.pos++; ; s.pos++ {
		if s.pos == len(s.buf) {
			if err := s.more(); errors.Is(err, io.EOF) {
				return nil // whoever looks for what follows will see
			} else if err != nil {
				return err
			}
		}
		switch s.buf[s.pos] {
		case ',', ':', '}', ']', '{', '[', '"', ' ', '\t', '\r', '\n':
			return nil
		}
	}
}

// quoted reads the rest of a string.
func (s *splitter) quoted() error {
	for {
		for s.pos < len(s.buf) {
			c := s.buf[s.pos]
			s.pos++
			switch c {
			case '"':
				return nil
			case '\\':
				if s.pos == len(s.buf) {
					if err := s.more(); err != nil {
						return unexpected(err)
					}
				}
				s.pos++
			}
		}
		if err := s.more(); err != nil {
			return unexpected(err)
		}
	}
}

// peek is the next byte that is not blank; it is not read.
func (s *splitter) peek() (byte, error) {
	for {
		for ; s.pos < len(s.buf); s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\n', '\t', '\r':
			default:
				return c, nil
			}
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// more reads on. What is before the event at hand goes.
func (s *splitter) more() error {
	from := s.pos
	if s.start >= 0 {
		from = s.start
	}
	if s.start >= 0 && len(s.buf)-from > maxEventBytes {
		return errTooLong
	}
	n := len(s.buf) - from
	if from > 0 {
		copy(s.buf, s.buf[from:])
	}
	s.buf, s.pos, s.gone = s.buf[:n], s.pos-from, s.gone+from
	if s.start >= 0 {
		s.start = 0
	}
	if cap(s.buf)-n < readSize {
		grown := make([]byte, n, max(2*cap(s.buf), n+readSize))
		copy(grown, s.buf)
		s.buf = grown
	}
	for {
		got, err := s.body.Read(s.buf[n:cap(s.buf)])
		s.buf = s.buf[:n+got]
		if got > 0 {
			return nil // an error comes again with the next read
		}
		if err != nil {
			return err
		}
	}
}

// fail is an error at the place that the splitter is at.
func (s *splitter) fail(message string) error {
	return &jsondoc.Error{Offset: s.gone + s.pos, Message: message}
}

// unexpected is the error of a body that ends too early.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// view is b as text, without a copy: for as long as b does not change.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
