package document

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/jsondoc"
)

// Getter reads a value from an event of a JSON source.
type Getter func(*Event) event.Value

// Field is the field's getter.
func Field(get Getter) field.Getter {
	return func(ev *event.Event) event.Value { return get(Of(ev)) }
}

// At is the value at a JSON pointer, as text; a null there is the text null, as
// in the reference.
func At(text string) field.Getter { return pointer(jsondoc.MustPointer(text)) }

func pointer(p jsondoc.Pointer) field.Getter {
	return func(ev *event.Event) event.Value { return p.Find(Of(ev).Root).Value(&ev.Scratch) }
}

// FirstOf is the value at the first of several JSON pointers that leads to one
// that is not null.
func FirstOf(texts ...string) field.Getter {
	pointers := make([]jsondoc.Pointer, len(texts))
	for i, text := range texts {
		pointers[i] = jsondoc.MustPointer(text)
	}
	return func(ev *event.Event) event.Value {
		for i := range pointers {
			if v := NotNull(pointers[i].Find(Of(ev).Root), &ev.Scratch); v.Exists() {
				return v
			}
		}
		return event.Value{}
	}
}

// NotNull is the text of a value; a null is Missing.
func NotNull(n jsondoc.Node, s *event.Scratch) event.Value {
	if n.Kind() == jsondoc.Null {
		return event.Value{}
	}
	return n.Value(s)
}

// Make makes the value of a list out of one that a path leads to; Missing leaves
// it out.
type Make func(n jsondoc.Node, s *event.Scratch) event.Value

// All is the list of all values that a path leads to, as text; none is Missing.
func All(path string) field.Getter { return list(jsondoc.MustPath(path), -1, jsondoc.Node.Value) }

// AllMade is All with values made by make.
func AllMade(path string, make Make) field.Getter { return list(jsondoc.MustPath(path), -1, make) }

// ItemOf makes getters of All for one item of the path's first list.
func ItemOf(path string, make Make) func(arg string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		i, err := Index(arg)
		if err != nil {
			return nil, err
		}
		return list(jsondoc.MustPath(path), i, make), nil
	}
}

// Index reads an argument that is a number from 0.
func Index(arg string) (int, error) {
	i, err := strconv.ParseUint(arg, 10, 31)
	if err != nil {
		return 0, &argError{arg}
	}
	return int(i), nil
}

// argError refuses an argument that is no number.
type argError struct{ arg string }

func (e *argError) Error() string { return "argument " + strconv.Quote(e.arg) + ": a number is needed" }

func list(p jsondoc.Path, only int, make Make) field.Getter {
	return func(ev *event.Event) event.Value {
		s := &ev.Scratch
		values := s.Values(8)
		p.Each(Of(ev).Root, only, func(n jsondoc.Node) {
			if v := make(n, s); v.Exists() {
				values = append(values, v)
			}
		})
		if len(values) == 0 {
			return event.Value{}
		}
		return event.ListOf(s.Keep(values))
	}
}

// Text is the value of strings alone.
func Text(n jsondoc.Node, s *event.Scratch) event.Value {
	if n.Kind() != jsondoc.String {
		return event.Value{}
	}
	return n.Value(s)
}

// Row is a field that is the text at a JSON pointer; a null there is Missing.
func Row(name, pointer, desc string) field.Definition {
	return field.Definition{Name: name, Type: field.Charbuf, Desc: desc, Get: FirstOf(pointer)}
}

// Joined is the values that a path leads to, as text with commas between; none
// is Missing.
func Joined(path string) field.Getter {
	p := jsondoc.MustPath(path)
	return func(ev *event.Event) event.Value {
		s := &ev.Scratch
		texts := s.Values(8)
		p.Each(Of(ev).Root, -1, func(n jsondoc.Node) { texts = append(texts, n.Value(s)) })
		if len(texts) == 0 {
			return event.Value{}
		}
		b := s.Buffer(256)
		for i := range texts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, texts[i].Str()...)
		}
		return event.Text(s.Text(b))
	}
}

// Concat joins texts, which must not be in s's open buffer.
func Concat(s *event.Scratch, texts ...string) event.Value {
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	b := s.Buffer(n)
	for _, text := range texts {
		b = append(b, text...)
	}
	return event.Text(s.Text(b))
}
