package jsondoc

import (
	"errors"
	"strconv"
	"strings"
)

// Pointer is a compiled JSON pointer (RFC 6901): /spec/containers/0/image. As
// in the reference, the first slash may be left out, so that /verb and verb are
// the same, and an index may have leading zeros.
type Pointer struct{ steps []step }

type step struct {
	name  string
	index int // where name is a number; -1: it is none
}

// ParsePointer compiles a pointer. The empty one is the whole document.
func ParsePointer(text string) (Pointer, error) {
	var p Pointer
	if text == "" {
		return p, nil
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "/"), "/") {
		if len(p.steps) == MaxDepth {
			return Pointer{}, errors.New("the JSON pointer is deeper than a document can be")
		}
		p.steps = append(p.steps, newStep(part))
	}
	return p, nil
}

// MustPointer is ParsePointer for pointers in tables.
func MustPointer(text string) Pointer {
	p, err := ParsePointer(text)
	if err != nil {
		panic("jsondoc: " + err.Error())
	}
	return p
}

// unescape is the order of RFC 6901: ~01 is ~1, not a slash.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

func newStep(part string) step {
	s := step{name: unescape.Replace(part), index: -1}
	if n, err := strconv.ParseUint(s.name, 10, 31); err == nil {
		s.index = int(n)
	}
	return s
}

// Find is the value that the pointer leads to from n.
func (p Pointer) Find(n Node) Node {
	for i := range p.steps {
		s := &p.steps[i]
		switch n.Kind() {
		case Object:
			n = n.Get(s.name)
		case Array:
			n = n.Item(s.index)
		default:
			return Node{}
		}
	}
	return n
}
