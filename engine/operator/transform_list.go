package operator

import (
	"errors"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// planJoin checks join(separator, list).
func planJoin(args []Operand, _ string, _ bool) (Combine, Operand, error) {
	if len(args) != 2 {
		return nil, Operand{}, errors.New("transformer 'join' takes a separator and a list: join(\",\", (a, b))")
	}
	if args[0].List || ClassOf(args[0].Type) != Text {
		return nil, Operand{}, errors.New("transformer 'join' takes a string as separator")
	}
	if !args[1].List {
		return nil, Operand{}, errors.New("transformer 'join' takes a list as second argument: join(\",\", (a, b))")
	}
	return join, Operand{Type: field.Charbuf}, nil
}

func join(s *event.Scratch, args []event.Value) event.Value {
	separator, items := args[0].Str(), args[1].List()
	b := s.Buffer(textSize(items, len(separator)))
	for i := range items {
		if i > 0 {
			b = append(b, separator...)
		}
		b = items[i].AppendText(b)
	}
	return event.Text(s.Text(b))
}

// planConcat checks concat(a, b, …).
func planConcat(args []Operand, _ string, _ bool) (Combine, Operand, error) {
	if len(args) < 2 {
		return nil, Operand{}, errors.New("transformer 'concat' takes two or more arguments")
	}
	for _, arg := range args {
		switch {
		case arg.List:
			return nil, Operand{}, errors.New("transformer 'concat' takes no list; use join")
		case ClassOf(arg.Type) != Text:
			return nil, Operand{}, errors.New("transformer 'concat' takes strings; join(\"\", (…)) takes numbers too")
		}
	}
	return concat, Operand{Type: field.Charbuf}, nil
}

func concat(s *event.Scratch, args []event.Value) event.Value {
	b := s.Buffer(textSize(args, 0))
	for i := range args {
		b = args[i].AppendText(b)
	}
	return event.Text(s.Text(b))
}

// numberText is room for the text of a number or address.
const numberText = 48

// textSize is the most bytes that the values take as text, so that the Buffer
// need not grow.
func textSize(values []event.Value, separator int) int {
	n := 0
	for i := range values {
		n += len(values[i].Str()) + numberText + separator
	}
	return n
}
