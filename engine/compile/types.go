package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
)

// The fields that decide about event types: their names are part of the rule
// language.
const (
	typeField = "evt.type"
	numField  = "evt.num"
)

// TypeSets are the event types for which a condition can be true, and those for
// which it can be false. Of what is not known all types are in both. They are
// nil where the source has no event types.
type TypeSets struct{ True, False event.TypeSet }

// not is the sets of the negation.
func (s TypeSets) not() TypeSets { return TypeSets{True: s.False, False: s.True} }

// EventTypes computes the event types of a condition from its syntax alone, also
// of one that does not compile. Macros are unknown.
func EventTypes(n filter.Node, types *event.Types) (TypeSets, []Problem) {
	t := newTyper(types)
	var problems []Problem
	sets := t.condition(n, func(p *Problem) { problems = append(problems, *p) })
	return sets, problems
}

// typer computes TypeSets for one source.
type typer struct {
	types     *event.Types
	all, none event.TypeSet
}

func newTyper(types *event.Types) typer {
	if types == nil {
		return typer{}
	}
	return typer{types: types, all: event.AllTypes(types.Len()), none: event.NewTypeSet(types.Len())}
}

func (t *typer) condition(n filter.Node, report func(*Problem)) TypeSets {
	switch n := n.(type) {
	case *filter.And:
		return t.conjunction(t.conditions(n.Children, report))
	case *filter.Or:
		return t.disjunction(t.conditions(n.Children, report))
	case *filter.Not:
		return t.condition(n.Child, report).not()
	}
	return t.leaf(n, report)
}

func (t *typer) conditions(nodes []filter.Node, report func(*Problem)) []TypeSets {
	sets := make([]TypeSets, len(nodes))
	for i, n := range nodes {
		sets[i] = t.condition(n, report)
	}
	return sets
}

// conjunction is true where all are, and false where one is.
func (t *typer) conjunction(sets []TypeSets) TypeSets {
	if t.types == nil {
		return TypeSets{}
	}
	joined := TypeSets{True: t.all.Clone(), False: t.none.Clone()}
	for _, s := range sets {
		joined.True.Intersect(s.True)
		joined.False.Union(s.False)
	}
	return joined
}

// disjunction follows by De Morgan.
func (t *typer) disjunction(sets []TypeSets) TypeSets {
	negated := make([]TypeSets, len(sets))
	for i, s := range sets {
		negated[i] = s.not()
	}
	return t.conjunction(negated).not()
}

// leaf is the sets of a comparison. It reports constants that no event type is
// named like, and what would hide the event types of a rule.
func (t *typer) leaf(n filter.Node, report func(*Problem)) TypeSets {
	if t.types == nil {
		return TypeSets{}
	}
	unknown := TypeSets{True: t.all, False: t.all}
	switch n := n.(type) {
	case *filter.Exists:
		if isField(n.Left, typeField) {
			return TypeSets{True: t.all, False: t.none}
		}
	case *filter.Compare:
		switch {
		case readsField(n.Left, typeField):
			return t.ofType(n, report)
		case isField(n.Left, numField):
			return t.ofNum(n)
		}
	}
	return unknown
}

// ofType is exact where the operator tests equality.
func (t *typer) ofType(n *filter.Compare, report func(*Problem)) TypeSets {
	unknown := TypeSets{True: t.all, False: t.all}
	values, constant := constantsOf(n.Right)
	named := t.named(values, report)
	if !testsEquality(n.Op) {
		return unknown
	}
	if !constant || !isField(n.Left, typeField) {
		report(opaqueEventType(n.Left.Span()))
		return unknown
	}
	if n.Modifier != "" {
		return unknown
	}
	rest := t.all.Clone()
	rest.Remove(named)
	sets := TypeSets{True: named, False: rest}
	if n.Op == "!=" {
		return sets.not()
	}
	return sets
}

// named is the set of the types that the constants name.
func (t *typer) named(values []filter.Value, report func(*Problem)) event.TypeSet {
	named := t.none.Clone()
	for _, v := range values {
		id, known := t.types.Lookup(v.Text)
		if !known {
			report(unknownEventType(v.At, v.Text, t.types))
			continue
		}
		named.Add(id)
	}
	return named
}

// testsEquality tells whether the operator is one from which the event types of
// a rule are known.
func testsEquality(op string) bool {
	return op == "=" || op == "==" || op == "!=" || op == "in"
}

// ofNum knows that events count from 1, so that evt.num=0 is never true: the
// idiom by which rules are switched off.
func (t *typer) ofNum(n *filter.Compare) TypeSets {
	sets := TypeSets{True: t.all, False: t.all}
	values, constant := constantsOf(n.Right)
	if !constant || n.Modifier != "" {
		return sets
	}
	switch numVerdict(n.Op, values) {
	case alwaysFalse:
		sets.True = t.none
	case alwaysTrue:
		sets.False = t.none
	case undecided:
	}
	return sets
}

type verdict uint8

const (
	undecided verdict = iota
	alwaysFalse
	alwaysTrue
)

// numVerdicts is what comparing a number of at least 1 with 0 or 1 comes to.
var numVerdicts = map[string][2]verdict{
	"=":  {alwaysFalse, undecided},
	"==": {alwaysFalse, undecided},
	"!=": {alwaysTrue, undecided},
	"<":  {alwaysFalse, alwaysFalse},
	"<=": {alwaysFalse, undecided},
	">":  {alwaysTrue, undecided},
	">=": {alwaysTrue, alwaysTrue},
}

func numVerdict(op string, values []filter.Value) verdict {
	if op == "in" || op == "intersects" {
		for _, v := range values {
			if v.Text != "0" {
				return undecided
			}
		}
		return alwaysFalse
	}
	switch {
	case len(values) != 1:
	case values[0].Text == "0":
		return numVerdicts[op][0]
	case values[0].Text == "1":
		return numVerdicts[op][1]
	}
	return undecided
}

// constantsOf is the constants on the right; false where there are none but a
// field or transformer.
func constantsOf(right filter.Operand) ([]filter.Value, bool) {
	switch right := right.(type) {
	case *filter.Value:
		return []filter.Value{*right}, true
	case *filter.List:
		return right.Values, true
	}
	return nil, false
}

func isField(o filter.Operand, name string) bool {
	f, ok := o.(*filter.Field)
	return ok && f.Name == name
}

// readsField tells whether the field stands in the operand, under whatever transformers.
func readsField(o filter.Operand, name string) bool {
	found := false
	filter.VisitOperand(o, func(o filter.Operand) { found = found || isField(o, name) })
	return found
}
