package filter

import (
	"reflect"
	"testing"
)

// withoutPlaces copies a tree with all spans zeroed, for comparison.
func withoutPlaces(n Node) Node {
	return Rewrite(n, func(n Node) Node {
		switch n := n.(type) {
		case *And:
			n.At = Span{}
		case *Or:
			n.At = Span{}
		case *Not:
			n.At = Span{}
		case *Macro:
			return &Macro{Name: n.Name}
		case *Exists:
			return &Exists{Left: bare(n.Left), Op: n.Op}
		case *Compare:
			return &Compare{Left: bare(n.Left), Op: n.Op, Modifier: n.Modifier, Right: bare(n.Right)}
		}
		return n
	})
}

func bare(o Operand) Operand {
	switch o := o.(type) {
	case *Field:
		return &Field{Name: o.Name, Arg: o.Arg, HasArg: o.HasArg}
	case *Transformer:
		return &Transformer{Name: o.Name, Args: bareAll(o.Args), Arg: o.Arg, HasArg: o.HasArg}
	case *TransformerList:
		return &TransformerList{Items: bareAll(o.Items)}
	case *Value:
		return &Value{Text: o.Text}
	case *List:
		list := &List{}
		for _, value := range o.Values {
			list.Values = append(list.Values, Value{Text: value.Text})
		}
		return list
	}
	return o
}

func bareAll(operands []Operand) []Operand {
	var stripped []Operand
	for _, o := range operands {
		stripped = append(stripped, bare(o))
	}
	return stripped
}

func mustParse(t *testing.T, text string) Node {
	t.Helper()
	node, err := Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return node
}

func TestRewriteLeavesTheOriginal(t *testing.T) {
	tree := mustParse(t, "m and not (m or a.b = c)")
	body := mustParse(t, "x.y exists or n")
	before := Print(tree)
	expanded := Rewrite(tree, func(n Node) Node {
		if macro, ok := n.(*Macro); ok && macro.Name == "m" {
			return Clone(body)
		}
		return n
	})
	if got, want := Print(expanded), "((x.y exists or n) and not ((x.y exists or n) or a.b = c))"; got != want {
		t.Errorf("rewritten: %q, want %q", got, want)
	}
	if Print(tree) != before {
		t.Errorf("the original changed to %q", Print(tree))
	}
}

func TestCloneMakesNewNodes(t *testing.T) {
	tree := mustParse(t, "m and not (a.b exists or a.b = c)")
	clone := Clone(tree)
	if !reflect.DeepEqual(tree, clone) {
		t.Fatal("a clone differs from its original")
	}
	nodes := map[Node]bool{}
	Walk(tree, func(n Node) bool { nodes[n] = true; return true })
	Walk(clone, func(n Node) bool {
		if nodes[n] {
			t.Errorf("%q is in both trees", Print(n))
		}
		return true
	})
	if len(nodes) != 6 {
		t.Errorf("visited %d nodes, want 6", len(nodes))
	}
}

func TestMacros(t *testing.T) {
	var names []string
	for _, macro := range Macros(mustParse(t, "b and not (a or b) and c.d = e and a")) {
		names = append(names, macro.Name)
	}
	if want := []string{"b", "a"}; !reflect.DeepEqual(names, want) {
		t.Errorf("Macros = %q, want %q", names, want)
	}
}

func TestWalkStopsBelow(t *testing.T) {
	count := 0
	Walk(mustParse(t, "a and not (b or c)"), func(n Node) bool {
		count++
		_, isNot := n.(*Not)
		return !isNot
	})
	if count != 3 {
		t.Errorf("visited %d nodes, want 3: and, a, not", count)
	}
}
