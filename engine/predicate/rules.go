package predicate

import (
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/rules"
)

// OfSets is, for each event type of a source that an enabled rule of one of the
// sets can match, the situations in which one may.
func OfSets(source string, known Vocabulary, sets ...*rules.Set) map[event.TypeID]*Predicate {
	predicates := map[event.TypeID]*Predicate{}
	for _, set := range sets {
		rs := set.Ruleset(source)
		if rs == nil || rs.Source.Types() == nil {
			continue
		}
		for id := range event.TypeID(rs.Source.Types().Len()) {
			for _, rule := range rs.For(id) {
				p := predicates[id]
				if p == nil {
					p = &Predicate{}
					predicates[id] = p
				}
				p.add(rule.Condition.Tree, id, known)
			}
		}
	}
	return predicates
}

// Tables are the tables of predicates that can leave something out.
func Tables(predicates map[event.TypeID]*Predicate) map[event.TypeID]*Table {
	tables := map[event.TypeID]*Table{}
	for id, p := range predicates {
		if !p.Open() {
			tables[id] = p.Table()
		}
	}
	return tables
}

// Of unites what conditions ask of events of a type.
func Of(trees []*compile.Tree, id event.TypeID, known Vocabulary) *Predicate {
	p := &Predicate{}
	for _, tree := range trees {
		p.add(tree, id, known)
	}
	return p
}

// add widens the predicate by a condition. What is open stays so.
func (p *Predicate) add(tree *compile.Tree, id event.TypeID, known Vocabulary) {
	if !p.Open() {
		p.Clauses = reduce(append(p.Clauses, Clauses(tree, id, known)...))
	}
}
