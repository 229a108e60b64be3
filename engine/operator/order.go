package operator

import (
	"cmp"
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// order is the set of outcomes of a three-way comparison that an operator accepts.
type order uint8

const (
	less order = 1 << iota
	equal
	greater
)

// has takes the result of a cmp.Compare.
func (o order) has(c int) bool { return o>>(c+1)&1 != 0 }

// buildOrder makes matchers for =, != and the inequalities.
func buildOrder(o order) func(Class, []event.Value) (Matcher, error) {
	return func(class Class, consts []event.Value) (Matcher, error) {
		want := consts[0]
		switch class {
		case Text, Buffer:
			return textOrder(o, want.Str()), nil
		case Network:
			return inNetwork(o, want), nil
		case Signed, Unsigned:
			return numberOrder(o, want), nil
		}
		compare := compareOrder(o)(class)
		return func(v *event.Value) bool { return compare(v, &want) }, nil
	}
}

func textOrder(o order, want string) Matcher {
	switch o {
	case equal:
		return func(v *event.Value) bool { return v.Str() == want }
	case less | greater:
		return func(v *event.Value) bool { return v.Str() != want }
	}
	return func(v *event.Value) bool { return o.has(strings.Compare(v.Str(), want)) }
}

// numberOrder saves the mixed-sign comparison where the value has the constant's
// kind or neither is negative.
func numberOrder(o order, want event.Value) Matcher {
	kind, bits := want.Kind(), want.Uint()
	switch {
	case o == equal:
		return func(v *event.Value) bool {
			return v.Uint() == bits && (v.Kind() == kind || int64(bits) >= 0)
		}
	case kind == event.KindInt:
		return func(v *event.Value) bool {
			if v.Kind() == event.KindInt {
				return o.has(cmp.Compare(v.Int(), int64(bits)))
			}
			return o.has(compareNumbers(v, &want))
		}
	}
	return func(v *event.Value) bool {
		if v.Kind() == event.KindUint {
			return o.has(cmp.Compare(v.Uint(), bits))
		}
		return o.has(compareNumbers(v, &want))
	}
}

// compareOrder makes comparisons of two fields for the same operators.
func compareOrder(o order) func(Class) Comparer {
	return func(class Class) Comparer {
		switch class {
		case Text, Buffer:
			return func(a, b *event.Value) bool { return o.has(strings.Compare(a.Str(), b.Str())) }
		case Address:
			return func(a, b *event.Value) bool { return (a.Str() == b.Str()) == (o == equal) }
		case Network:
			return func(a, b *event.Value) bool { return holds(b, a) == (o == equal) }
		}
		return func(a, b *event.Value) bool { return o.has(compareNumbers(a, b)) }
	}
}

// compareNumbers compares whatever kinds of number the two values are.
func compareNumbers(a, b *event.Value) int {
	switch {
	case a.Kind() == event.KindFloat || b.Kind() == event.KindFloat:
		return cmp.Compare(asFloat(a), asFloat(b))
	case isNegative(a) != isNegative(b):
		if isNegative(a) {
			return -1
		}
		return 1
	}
	// Of equal sign, two's complement orders like unsigned numbers.
	return cmp.Compare(a.Uint(), b.Uint())
}

func isNegative(v *event.Value) bool { return v.Kind() == event.KindInt && v.Int() < 0 }

func asFloat(v *event.Value) float64 {
	switch v.Kind() {
	case event.KindFloat:
		return v.Float()
	case event.KindInt:
		return float64(v.Int())
	}
	return float64(v.Uint())
}
