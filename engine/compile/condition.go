package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
)

// Condition is a compiled condition.
type Condition struct {
	// Types is the event types that can match; nil where the source has none.
	Types event.TypeSet
	// Eval decides the condition for the Context's event. Whether Types has the
	// event's type is asked before, not here.
	Eval func(*Context) bool
	// Tree is the condition as data.
	Tree *Tree
	// Cost estimates one evaluation, for comparing rules.
	Cost Cost
}

// Condition compiles a condition whose macros have been expanded. It reports
// every problem; the Condition is nil if one of them is an error.
func (p *Plan) Condition(expr filter.Node) (*Condition, []Problem) {
	b := &binder{plan: p, problems: Warnings(expr)}
	tree := b.tree(expr)
	if b.failed {
		return nil, b.problems
	}
	arrange(tree)
	eval := p.use(b.part(tree))
	if b.failed {
		return nil, b.problems
	}
	return &Condition{Types: tree.Types.True, Eval: eval, Tree: tree, Cost: tree.Cost}, b.problems
}

// binder compiles one condition.
type binder struct {
	plan     *Plan
	node     filter.Node // the comparison at hand
	problems []Problem
	failed   bool
}

func (b *binder) add(p *Problem) {
	if p == nil {
		return
	}
	if p.Node == nil {
		p.Node = b.node
	}
	b.problems = append(b.problems, *p)
	b.failed = b.failed || !p.Warning
}
