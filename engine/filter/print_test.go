package filter

import (
	"fmt"
	"testing"
)

func field(name string) *Field { return &Field{Name: name} }
func value(text string) *Value { return &Value{Text: text} }

// Trees that other packages build print as text that reads back as the tree.
func TestPrintBuiltTrees(t *testing.T) {
	a, b := &Macro{Name: "a"}, &Macro{Name: "b"}
	for _, tt := range []struct {
		tree Node
		want string
	}{
		{&And{Children: []Node{a, &And{Children: []Node{b, a}}}}, "(a and (b and a))"},
		{&Or{Children: []Node{&Or{Children: []Node{a, b}}, a}}, "((a or b) or a)"},
		{&Not{Child: &And{Children: []Node{a, b}}}, "not (a and b)"},
		{&Not{Child: &Not{Child: &Not{Child: a}}}, "not (not (not a))"},
		{&Exists{Left: &Field{Name: "x.y", Arg: "a b", HasArg: true}, Op: "exists"}, `x.y["a b"] exists`},
		{&Exists{Left: &Field{Name: "x.y", Arg: "a]b", HasArg: true}, Op: "exists"}, `x.y["a]b"] exists`},
		{&Exists{Left: &Field{Name: "x.y", Arg: `a\`, HasArg: true}, Op: "exists"}, `x.y[a\] exists`},
		{&Exists{Left: &Field{Name: "x.y", Arg: `a[\`, HasArg: true}, Op: "exists"}, `x.y["a[\x5c"] exists`},
		{&Compare{Left: field("x.y"), Op: "in", Right: &List{}}, "x.y in ()"},
		{&Compare{Left: field("x.y"), Op: "in", Right: &List{Values: []Value{{Text: ""}, {Text: "a,b"}}}}, `x.y in ("", "a,b")`},
		{&Compare{Left: field("x.y"), Op: "in", Right: value("names")}, "x.y in names"},
		{&Compare{Left: field("x.y"), Op: "=", Right: value("oneof")}, "x.y = oneof"},
		{&Compare{Left: field("x.y"), Op: "=", Modifier: "anyof", Right: value("names")}, "x.y = anyof names"},
		{
			&Compare{
				Left: &Transformer{Name: "join", Args: []Operand{value(", "), &TransformerList{Items: []Operand{field("x.y"), value("name"), value("1")}}}},
				Op:   "=", Right: &Transformer{Name: "val", Args: []Operand{field("p.q")}},
			},
			`join(", ",(x.y, "name", 1)) = val(p.q)`,
		},
		{
			&Compare{Left: &Transformer{Name: "concat", Args: []Operand{value("a.b"), value("a.b-c"), value("len"), value("-")}}, Op: "=", Right: value("")},
			`concat("a.b","a.b-c","len",-) = ""`,
		},
		{
			&Compare{
				Left: &Transformer{Name: "getopt", Args: []Operand{field("p.args"), value("n:")}, Arg: "", HasArg: true},
				Op:   "!=", Right: value("a b"),
			},
			`getopt(p.args,n:)[""] != "a b"`,
		},
	} {
		got := Print(tt.tree)
		if got != tt.want {
			t.Errorf("Print = %s, want %s", got, tt.want)
			continue
		}
		if again := Print(mustParse(t, got)); again != got {
			t.Errorf("%s reads back as %s", got, again)
		}
	}
}

// Every constant can stand in every place that takes one.
func TestPrintAnyConstant(t *testing.T) {
	texts := []string{"", " ", "a", "a.b", "val(a.b)", "oneof", "(", ")", ",", "=", `"`, "'", `\`, `a\`, "[x]", "\x00", "\xff", "\n\t\b", "0x1", "not", "and"}
	for _, text := range texts {
		for _, tree := range []Node{
			&Compare{Left: field("x.y"), Op: "=", Right: value(text)},
			&Compare{Left: field("x.y"), Op: "in", Right: &List{Values: []Value{{Text: text}, {Text: text}}}},
			&Compare{Left: &Field{Name: "x.y", Arg: text, HasArg: true}, Op: "=", Right: value("a")},
			&Exists{Left: &Transformer{Name: "concat", Args: []Operand{value(text), &TransformerList{Items: []Operand{value(text)}}}}, Op: "exists"},
			&Exists{Left: &Transformer{Name: "getopt", Args: []Operand{field("x.y")}, Arg: text, HasArg: true}, Op: "exists"},
		} {
			printed := Print(tree)
			node, err := Parse(printed)
			if err != nil {
				t.Errorf("%q prints as %s: %v", text, printed, err)
				continue
			}
			if got, want := fmt.Sprintf("%q", constants(node)), fmt.Sprintf("%q", constants(tree)); got != want {
				t.Errorf("%s reads back with the constants %s, want %s", printed, got, want)
			}
		}
	}
}

// constants lists all constants and arguments of a tree.
func constants(n Node) []string {
	var texts []string
	Operands(n, func(o Operand) {
		switch o := o.(type) {
		case *Value:
			texts = append(texts, o.Text)
		case *List:
			for _, v := range o.Values {
				texts = append(texts, v.Text)
			}
		case *Field:
			texts = append(texts, o.Arg)
		case *Transformer:
			texts = append(texts, o.Arg)
		}
	})
	return texts
}

func TestPosition(t *testing.T) {
	const text = "ab\ncd\n\nä"
	for offset, want := range map[int][2]int{
		-1: {1, 1}, 0: {1, 1}, 1: {1, 2}, 2: {1, 3}, 3: {2, 1}, 5: {2, 3}, 6: {3, 1}, 7: {4, 1}, 9: {4, 3}, 99: {4, 3},
	} {
		if line, column := Position(text, offset); line != want[0] || column != want[1] {
			t.Errorf("Position(%d) = %d, %d, want %v", offset, line, column, want)
		}
	}
}

// The lists that messages and tools show are copies.
func TestListsAreCopies(t *testing.T) {
	for name, list := range map[string]func() []string{"Operators": Operators, "Modifiers": Modifiers, "Transformers": Transformers} {
		first := list()
		first[0] = "changed"
		if list()[0] == "changed" {
			t.Errorf("%s hands out its own table", name)
		}
	}
	if got := Transformers()[0]; got != val {
		t.Errorf("the first transformer is %s", got)
	}
}

func TestOperatorsAreReadWhole(t *testing.T) {
	for _, op := range operators {
		l := &lexer{text: op.text + " x"}
		if got, ok := l.operator(); !ok || got.text != op.text {
			t.Errorf("%s is read as %q: a shorter one stands before it", op.text, got.text)
		}
	}
}
