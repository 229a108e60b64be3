package filter

// Walk visits n and what is below it, parents first. It does not go below a
// node for which visit returns false.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	switch n := n.(type) {
	case *And:
		for _, child := range n.Children {
			Walk(child, visit)
		}
	case *Or:
		for _, child := range n.Children {
			Walk(child, visit)
		}
	case *Not:
		Walk(n.Child, visit)
	}
}

// Operands visits every operand of a tree, arguments of transformers included.
func Operands(n Node, visit func(Operand)) {
	Walk(n, func(n Node) bool {
		OperandsOf(n, visit)
		return true
	})
}

// OperandsOf visits the operands of one comparison, not those of nodes below n.
func OperandsOf(n Node, visit func(Operand)) {
	switch n := n.(type) {
	case *Exists:
		VisitOperand(n.Left, visit)
	case *Compare:
		VisitOperand(n.Left, visit)
		VisitOperand(n.Right, visit)
	}
}

// VisitOperand visits an operand and those below it.
func VisitOperand(o Operand, visit func(Operand)) {
	visit(o)
	switch o := o.(type) {
	case *Transformer:
		for _, arg := range o.Args {
			VisitOperand(arg, visit)
		}
	case *TransformerList:
		for _, item := range o.Items {
			VisitOperand(item, visit)
		}
	}
}

// Macros lists the macros that a tree names, each once, in the order of their
// first use.
func Macros(n Node) []*Macro {
	var macros []*Macro
	seen := map[string]bool{}
	Walk(n, func(n Node) bool {
		if macro, ok := n.(*Macro); ok && !seen[macro.Name] {
			seen[macro.Name] = true
			macros = append(macros, macro)
		}
		return true
	})
	return macros
}

// Rewrite makes a new tree in which replace has been applied to every node,
// children first; it may return the node it is given. The old tree is not
// changed. Comparisons that stay are shared between the trees.
func Rewrite(n Node, replace func(Node) Node) Node {
	switch old := n.(type) {
	case *And:
		return replace(&And{Children: rewriteAll(old.Children, replace), At: old.At})
	case *Or:
		return replace(&Or{Children: rewriteAll(old.Children, replace), At: old.At})
	case *Not:
		return replace(&Not{Child: Rewrite(old.Child, replace), At: old.At})
	}
	return replace(n)
}

func rewriteAll(children []Node, replace func(Node) Node) []Node {
	rewritten := make([]Node, len(children))
	for i, child := range children {
		rewritten[i] = Rewrite(child, replace)
	}
	return rewritten
}

// Clone copies a tree, so that its nodes are distinct from those of the
// original: who keeps facts by node needs that where a macro is used twice.
func Clone(n Node) Node {
	return Rewrite(n, func(n Node) Node {
		switch n := n.(type) {
		case *Macro:
			c := *n
			return &c
		case *Exists:
			c := *n
			return &c
		case *Compare:
			c := *n
			return &c
		}
		return n
	})
}
