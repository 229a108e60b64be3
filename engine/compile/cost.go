package compile

import (
	"cmp"
	"slices"

	"github.com/lannersec/lanner/engine/operator"
)

// Cost estimates the work of an evaluation, in units of about a comparison of
// two numbers. What it is for is ordering.
type Cost uint32

// The cost of reading a value, beside that of comparing it.
const (
	costField     Cost = 1
	costArgument  Cost = 2 // a look-up by name, or ancestors
	costTransform Cost = 6 // makes a text
)

// arrange computes the costs of a tree, and puts what is cheap before what is
// dear. That changes no result: evaluation has no side effects and no errors.
func arrange(t *Tree) {
	if t.Test != nil {
		t.Cost = leafCost(t.Test)
		return
	}
	for _, child := range t.Children {
		arrange(child)
		t.Cost += child.Cost
	}
	if t.Kind != Not {
		slices.SortStableFunc(t.Children, func(a, b *Tree) int { return cmp.Compare(a.Cost, b.Cost) })
	}
}

func leafCost(c *Comparison) Cost {
	if c.decidedByType() {
		return Cost(operator.CostNone)
	}
	times := Cost(1)
	if c.Modifier != operator.NoModifier {
		times = Cost(len(c.Consts))
	}
	cost := exprCost(c.Left) + times*Cost(c.Op.Cost)
	if c.Right != nil {
		cost += exprCost(c.Right)
	}
	return cost
}

func exprCost(e *Expr) Cost {
	var cost Cost
	switch {
	case e.Transformer != nil:
		cost = costTransform
	case e.HasArg:
		cost = costArgument
	case e.Field != nil:
		cost = costField
	}
	for _, arg := range e.Args {
		cost += exprCost(arg)
	}
	for _, item := range e.Items {
		cost += exprCost(item)
	}
	return cost
}

// decidedByType tells that the event's type alone decides the comparison, and
// that the tree's set of types is exact.
func (c *Comparison) decidedByType() bool {
	if c.Left.Field == nil || c.Left.Field.Name != typeField || c.Right != nil || c.Modifier != operator.NoModifier {
		return false
	}
	return testsEquality(c.Op.Name)
}
