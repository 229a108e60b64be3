package predicate

import (
	"math"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/operator"
)

// Bounds of what the capture side knows of an event.
const (
	MaxFeatures = 4 // properties with few values
	MaxTexts    = 2 // texts
	// Unknown is the value of a feature that could not be found out; rules may
	// always match it.
	Unknown = 7
)

// Feature is a property of an event that has few values, 0 to Unknown-1, such as
// whether a call succeeded.
type Feature uint8

// Values is a set of a feature's values, one bit each.
type Values uint8

// anyValue has all values.
const anyValue = Values(math.MaxUint8)

// Subject tells what the capture side knows of a field before the event is
// collected: at most one feature that the field follows from, or a text that it
// is or is part of.
type Subject struct {
	// Types are the event types for which this holds.
	Types event.TypeSet
	// Values has, for each value of Feature, what the field can be then; nil for
	// a field that follows from a text. A value without a row can be anything.
	Values  []Possible
	Feature Feature
	// Form is which part of the text with the number Text the field is.
	Form Form
	Text uint8
}

// Vocabulary finds the Subject of a field without argument; nil: nothing is known.
type Vocabulary func(field string) *Subject

// Form is how a field relates to a path.
type Form uint8

// The forms.
const (
	Whole     Form = iota // the path
	Directory             // what is before its last slash; of a directory, the path itself
	Base                  // what is behind its last slash
	Raw                   // a text that need not be in the form of a path
)

// Possible is the values that a field can have in a situation.
type Possible struct {
	Any    bool // every value, and none
	Values []event.Value
	Range  *Range // numbers
	None   bool   // no value
}

// Range is the numbers between two, both included.
type Range struct{ From, To int64 }

// Anything is what nothing is known of.
func Anything() Possible { return Possible{Any: true} }

// Exactly is one of some values.
func Exactly(values ...event.Value) Possible { return Possible{Values: values} }

// Maybe is one of some values, or none.
func Maybe(values ...event.Value) Possible { return Possible{Values: values, None: true} }

// Between is a number of a range.
func Between(from, to int64) Possible { return Possible{Range: &Range{from, to}} }

// canBe tells whether a comparison with constants can have the given result.
func (p *Possible) canBe(c *compile.Comparison, result bool) bool {
	if p.Any || c.Right != nil || c.Modifier != operator.NoModifier || c.Left.List {
		return true
	}
	if p.None && !result {
		return true
	}
	if c.Op.Unary {
		return result // it has a value
	}
	match, err := c.Op.Build(c.Left.Type, constants(c))
	if err != nil {
		return true
	}
	for i := range p.Values {
		if match(&p.Values[i]) == result {
			return true
		}
	}
	return p.Range != nil && p.Range.canBe(c, match, result)
}

// canBe decides by the ends of the range where the operator is an order, by the
// constants where it is an equality.
func (r *Range) canBe(c *compile.Comparison, match operator.Matcher, result bool) bool {
	switch c.Op.Name {
	case "<", "<=", ">", ">=":
		from, to := event.Int(r.From), event.Int(r.To)
		return match(&from) == result || match(&to) == result
	case "=", "in", "intersects":
		return !result || r.holds(c)
	case "!=":
		return result || r.holds(c)
	}
	return true
}

// holds tells whether one of the constants is in the range.
func (r *Range) holds(c *compile.Comparison) bool {
	for i := range c.Consts {
		if n := c.Consts[i].Value.Int(); n >= r.From && n <= r.To {
			return true
		}
	}
	return false
}

func constants(c *compile.Comparison) []event.Value {
	values := make([]event.Value, len(c.Consts))
	for i := range c.Consts {
		values[i] = c.Consts[i].Value
	}
	return values
}
