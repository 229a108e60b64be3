package operator

import (
	"fmt"

	"github.com/lannersec/lanner/engine/event"
)

// Modifier tells how many constants of a list a scalar operator must match.
type Modifier uint8

// The modifiers.
const (
	NoModifier Modifier = iota
	OneOf               // exactly one
	AnyOf
	AllOf // every one, and there is one
)

var modifierNames = map[string]Modifier{"": NoModifier, "oneof": OneOf, "anyof": AnyOf, "allof": AllOf}

// LookupModifier finds a modifier by name; the empty name is NoModifier.
func LookupModifier(name string) (Modifier, error) {
	m, ok := modifierNames[name]
	if !ok {
		return NoModifier, fmt.Errorf("'%s' is not an operator modifier: oneof, anyof, allof", name)
	}
	return m, nil
}

// Join combines the matchers of single constants.
func (m Modifier) Join(matchers []Matcher) Matcher {
	if len(matchers) == 0 {
		return func(*event.Value) bool { return false }
	}
	switch m {
	case OneOf:
		return func(v *event.Value) bool {
			n := 0
			for _, match := range matchers {
				if match(v) {
					n++
				}
			}
			return n == 1
		}
	case AllOf:
		return func(v *event.Value) bool {
			for _, match := range matchers {
				if !match(v) {
					return false
				}
			}
			return true
		}
	}
	return func(v *event.Value) bool {
		for _, match := range matchers {
			if match(v) {
				return true
			}
		}
		return false
	}
}
