package predicate

import (
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/rules"
)

// TypeReport tells what can be decided early about events of a type, and for
// the sake of which rules.
type TypeReport struct {
	Type      event.TypeID
	Predicate *Predicate
	Rules     []RuleReport
}

// RuleReport is a rule's part.
type RuleReport struct {
	Rule    *rules.Rule
	Clauses []Clause
	// Unknown are the fields that the rule reads and of which nothing is known
	// before events of the type are collected.
	Unknown []string
}

// Open tells that the rule asks for all events of the type.
func (r *RuleReport) Open() bool { return (&Predicate{r.Clauses}).Open() }

// Explain reports on the rules of a source, by event type.
func Explain(source string, known Vocabulary, set *rules.Set) []TypeReport {
	rs := set.Ruleset(source)
	if rs == nil || rs.Source.Types() == nil {
		return nil
	}
	var reports []TypeReport
	for id := range event.TypeID(rs.Source.Types().Len()) {
		candidates := rs.For(id)
		if len(candidates) == 0 {
			continue
		}
		report := TypeReport{Type: id, Predicate: &Predicate{}}
		for _, rule := range candidates {
			tree := rule.Condition.Tree
			report.Predicate.add(tree, id, known)
			report.Rules = append(report.Rules, RuleReport{
				Rule: rule, Clauses: Clauses(tree, id, known), Unknown: unknownFields(tree, id, known),
			})
		}
		reports = append(reports, report)
	}
	return reports
}

// unknownFields are the fields that say more than the event's type, sorted.
func unknownFields(tree *compile.Tree, id event.TypeID, known Vocabulary) []string {
	d := deriver{id: id, known: known}
	var names []string
	tree.Leaves(func(c *compile.Comparison) {
		if f := c.Left.Field; f != nil && f.Name != "evt.type" && d.subject(c) == nil {
			names = append(names, f.Name)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}
