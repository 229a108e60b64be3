package rules

import (
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/output"
)

// Set is everything that was loaded. It is immutable.
type Set struct {
	// Rules are all rules that could be compiled, in the order of their first
	// definition, enabled or not.
	Rules  []*Rule
	Lists  []*List
	Macros []*Macro
	// Required is the highest engine version that a file asks for.
	Required Version
	// Skipped counts the rules that were left out: of an unknown source, or with
	// an unknown field and skip-if-unknown-filter.
	Skipped int

	rulesets map[string]*Ruleset
}

// Ruleset is the rules of a source, or nil if there are none.
func (s *Set) Ruleset(source string) *Ruleset { return s.rulesets[source] }

// Types is the event types of a source that some enabled rule can match; nil
// for a source without types or without rules.
func (s *Set) Types(source string) event.TypeSet {
	if rs := s.rulesets[source]; rs != nil {
		return rs.types
	}
	return nil
}

// Find finds a rule by name.
func (s *Set) Find(name string) *Rule {
	if i := slices.IndexFunc(s.Rules, func(r *Rule) bool { return r.Name == name }); i >= 0 {
		return s.Rules[i]
	}
	return nil
}

// Ruleset is the enabled rules of one source, by event type. It is immutable.
type Ruleset struct {
	Source field.Source
	Plan   *compile.Plan
	// Rules are the enabled rules in their order.
	Rules []*Rule
	// Capture is the fields that every detection carries.
	Capture []output.Field

	byType [][]*Rule // nil where the source has no types
	types  event.TypeSet
}

// For lists the rules that an event of a type can match, in their order.
func (s *Ruleset) For(id event.TypeID) []*Rule {
	if s.byType == nil {
		return s.Rules
	}
	if int(id) >= len(s.byType) {
		return nil
	}
	return s.byType[id]
}

// index fills byType and types.
func (s *Ruleset) index() {
	types := s.Source.Types()
	if types == nil {
		return
	}
	s.types = event.NewTypeSet(types.Len())
	s.byType = make([][]*Rule, types.Len())
	for _, r := range s.Rules {
		for id := range types.Len() {
			if r.Condition.Types.Has(event.TypeID(id)) {
				s.byType[id] = append(s.byType[id], r)
				s.types.Add(event.TypeID(id))
			}
		}
	}
}

// untyped tells whether a rule can match events of all types.
func (s *Ruleset) untyped(r *Rule) bool {
	types := s.Source.Types()
	return types == nil || countTypes(r.Condition.Types, types.Len()) == types.Len()
}

func countTypes(set event.TypeSet, n int) int {
	count := 0
	for id := range n {
		if set.Has(event.TypeID(id)) {
			count++
		}
	}
	return count
}
