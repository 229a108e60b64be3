package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/operator"
)

// The fields that decide about event types: their names are part of the rule
// language.
const (
	typeField = "evt.type"
	numField  = "evt.num"
)

// joinTypes computes the types of And and Or from their children's: what is
// true of a conjunction is false of a disjunction (De Morgan).
func (b *binder) joinTypes(t *Tree) {
	if b.plan.source.Types() == nil {
		return
	}
	first := t.Children[0]
	t.Types, t.False = first.Types.Clone(), first.False.Clone()
	for _, child := range t.Children[1:] {
		if t.Kind == And {
			t.Types.Intersect(child.Types)
			t.False.Union(child.False)
		} else {
			t.Types.Union(child.Types)
			t.False.Intersect(child.False)
		}
	}
}

// leafTypes computes the types of a comparison.
func (b *binder) leafTypes(t *Tree) *Problem {
	types := b.plan.source.Types()
	if types == nil {
		return nil
	}
	c := t.Test
	if p := b.checkTypeNames(c, types); p != nil {
		return p
	}
	t.Types, t.False = b.plan.all, b.plan.all
	switch {
	case c.Left.Field == nil:
	case c.Left.Field.Name == typeField:
		b.typesOfType(t, types)
	case c.Left.Field.Name == numField:
		b.typesOfNum(t)
	}
	return nil
}

// checkTypeNames refuses what would hide the event types of a rule, and
// constants that no event type is named like.
func (b *binder) checkTypeNames(c *Comparison, types *event.Types) *Problem {
	if !readsType(c.Left) {
		return nil
	}
	for _, constant := range c.Consts {
		if _, known := types.Lookup(constant.Text); !known {
			return unknownEventType(constant.At, constant.Text, types)
		}
	}
	if decidesTypes(c) && (c.Left.Field == nil || c.Right != nil) {
		return opaqueEventType(c.Left.At)
	}
	return nil
}

// decidesTypes tells whether the operator is one from which the event types of
// a rule are known.
func decidesTypes(c *Comparison) bool {
	return c.Op.Name == "=" || c.Op.Name == "!=" || c.Op.Name == "in"
}

func readsType(e *Expr) bool {
	found := false
	e.eachField(func(f *Expr) { found = found || f.Field.Name == typeField })
	return found
}

// typesOfType is exact for equality; other operators leave all types possible.
func (b *binder) typesOfType(t *Tree, types *event.Types) {
	named := b.plan.none.Clone()
	for _, constant := range t.Test.Consts {
		id, _ := types.Lookup(constant.Text)
		named.Add(id)
	}
	rest := t.Types.Clone()
	rest.Remove(named)
	switch c := t.Test; {
	case c.Op.Unary:
		t.False = b.plan.none
	case c.Modifier != operator.NoModifier || !decidesTypes(c):
	case c.Op.Negative:
		t.Types, t.False = rest, named
	default:
		t.Types, t.False = named, rest
	}
}

// typesOfNum knows that events count from 1, so that evt.num=0 is never true:
// the idiom by which rules are switched off.
func (b *binder) typesOfNum(t *Tree) {
	c := t.Test
	if c.Right != nil || c.Op.Unary || c.Modifier != operator.NoModifier {
		return
	}
	switch neverNum(c) {
	case alwaysFalse:
		t.Types = b.plan.none
	case alwaysTrue:
		t.False = b.plan.none
	case undecided:
	}
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
	"!=": {alwaysTrue, undecided},
	"<":  {alwaysFalse, alwaysFalse},
	"<=": {alwaysFalse, undecided},
	">":  {alwaysTrue, undecided},
	">=": {alwaysTrue, alwaysTrue},
}

func neverNum(c *Comparison) verdict {
	if c.Op.ListRight {
		for _, constant := range c.Consts {
			if constant.Text != "0" {
				return undecided
			}
		}
		return alwaysFalse
	}
	switch c.Consts[0].Text {
	case "0":
		return numVerdicts[c.Op.Name][0]
	case "1":
		return numVerdicts[c.Op.Name][1]
	}
	return undecided
}
