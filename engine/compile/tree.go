package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
)

// Kind is the kind of a Tree's node.
type Kind uint8

// The kinds.
const (
	Leaf Kind = iota // a comparison
	And
	Or
	Not
)

// Tree is a resolved condition as data: fields are definitions, constants are
// values. It is in the order of evaluation, which is by cost, not as written.
// It is immutable.
type Tree struct {
	Kind     Kind
	Children []*Tree     // And, Or: two or more; Not: one
	Test     *Comparison // Leaf
	At       filter.Span
	Cost     Cost
	Types    TypeSets
}

// Comparison is a leaf.
type Comparison struct {
	Node     filter.Node // as written
	Left     *Expr
	Op       *operator.Operator
	Modifier operator.Modifier
	Right    *Expr      // nil where constants stand on the right
	Consts   []Constant // in the order written; one, unless the operator or a modifier takes a list
}

// Constant is a constant and where it stands.
type Constant struct {
	Text  string // as written, unescaped
	Value event.Value
	At    filter.Span
}

// Leaves calls f for every comparison of the tree.
func (t *Tree) Leaves(f func(*Comparison)) {
	if t.Test != nil {
		f(t.Test)
	}
	for _, child := range t.Children {
		child.Leaves(f)
	}
}

// Fields calls f for every field that the tree reads, as often as it does.
func (t *Tree) Fields(f func(*Expr)) {
	t.Leaves(func(c *Comparison) {
		c.Left.eachField(f)
		if c.Right != nil {
			c.Right.eachField(f)
		}
	})
}
