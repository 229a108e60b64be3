package compile

import (
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
)

// tree resolves a condition. It is nil, with a problem reported, where a
// comparison is wrong; it goes on to report those after it.
func (b *binder) tree(n filter.Node) *Tree {
	switch n := n.(type) {
	case *filter.And:
		return b.junction(And, n.Children, n.At)
	case *filter.Or:
		return b.junction(Or, n.Children, n.At)
	case *filter.Not:
		return b.not(n)
	case *filter.Exists, *filter.Compare:
		return b.leaf(n)
	case *filter.Macro:
		p := problemf(n.At, "undefined macro '%s' used in filter", n.Name)
		p.Code = diag.Validate
		b.add(p)
	default:
		b.add(problemf(filter.Span{}, "no condition"))
	}
	return nil
}

func (b *binder) junction(kind Kind, children []filter.Node, at filter.Span) *Tree {
	t := &Tree{Kind: kind, At: at, Children: make([]*Tree, len(children))}
	sets := make([]TypeSets, len(children))
	for i, child := range children {
		if t.Children[i] = b.tree(child); t.Children[i] != nil {
			sets[i] = t.Children[i].Types
		}
	}
	switch {
	case b.failed:
		return nil
	case kind == And:
		t.Types = b.plan.typer.conjunction(sets)
	default:
		t.Types = b.plan.typer.disjunction(sets)
	}
	return t
}

func (b *binder) not(n *filter.Not) *Tree {
	child := b.tree(n.Child)
	if child == nil {
		return nil
	}
	return &Tree{Kind: Not, Children: []*Tree{child}, At: n.At, Types: child.Types.not()}
}

// leaf resolves a comparison. The rules that use a macro share its nodes, and
// so the comparison.
func (b *binder) leaf(n filter.Node) *Tree {
	if t := b.plan.leaves[n]; t != nil {
		return t
	}
	b.node = n
	known := len(b.problems)
	c := &Comparison{Node: n}
	var p *Problem
	switch n := n.(type) {
	case *filter.Exists:
		p = b.exists(c, n)
	case *filter.Compare:
		p = b.compare(c, n)
	}
	if p != nil {
		b.add(p)
		return nil
	}
	types := b.plan.typer.leaf(n, b.add)
	b.lint(c)
	t := &Tree{Test: c, At: n.Span(), Types: types}
	if len(b.problems) == known {
		b.plan.leaves[n] = t
	}
	return t
}

func (b *binder) exists(c *Comparison, n *filter.Exists) (p *Problem) {
	c.Op, _ = operator.Lookup("exists")
	c.Left, p = b.operand(n.Left, onLeft)
	return p
}

func (b *binder) compare(c *Comparison, n *filter.Compare) (p *Problem) {
	var ok bool
	if c.Op, ok = operator.Lookup(n.Op); !ok || c.Op.Unary {
		return problemf(n.OpAt, "unrecognized filter comparison operator '%s'", n.Op)
	}
	if c.Left, p = b.operand(n.Left, onLeft); p != nil {
		return p
	}
	if err := c.Op.Check(c.Left.Type, c.Left.List); err != nil {
		return problemf(n.OpAt, "%v", err)
	}
	var err error
	if c.Modifier, err = operator.LookupModifier(n.Modifier); err != nil {
		return problemf(n.OpAt, "%v", err)
	}
	return b.right(c, n)
}

func (b *binder) right(c *Comparison, n *filter.Compare) *Problem {
	switch right := n.Right.(type) {
	case *filter.Value:
		return b.constants(c, []filter.Value{*right})
	case *filter.List:
		if !c.Op.ListRight && c.Modifier == operator.NoModifier && len(right.Values) != 1 {
			return problemf(right.At, "'%s' operator takes one constant; 'anyof' or 'allof' before a list takes several", c.Op.Name)
		}
		return b.constants(c, right.Values)
	case *filter.Field, *filter.Transformer:
		return b.rightOperand(c, right)
	}
	return problemf(n.At, "expected a constant, a list, a field or a transformer after '%s'", n.Op)
}

func (b *binder) rightOperand(c *Comparison, o filter.Operand) (p *Problem) {
	if !c.Op.Compares() || c.Modifier != operator.NoModifier {
		return constantsOnly(o.Span(), c.Op.Name)
	}
	if c.Left.Field != nil && c.Left.Field.Flags&field.NoRHS != 0 {
		return leftHasTwoEnds(c.Left.At, c.Left.Field)
	}
	if c.Right, p = b.operand(o, onRight); p != nil {
		return p
	}
	if operator.ClassOf(c.Left.Type) != operator.ClassOf(c.Right.Type) || c.Left.List != c.Right.List {
		return typesDiffer(o.Span(), c.Left, c.Right)
	}
	return nil
}

// constants parses what stands on the right. It reports every bad constant of
// a list and returns the last.
func (b *binder) constants(c *Comparison, values []filter.Value) (p *Problem) {
	c.Consts = make([]Constant, len(values))
	for i, v := range values {
		value, err := c.Op.Parse(c.Left.Type, v.Text)
		if err != nil {
			b.add(p)
			p = problemf(v.At, "%v", err)
			continue
		}
		c.Consts[i] = Constant{Text: v.Text, Value: value, At: v.At}
	}
	return p
}
