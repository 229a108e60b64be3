package filter

import "strings"

// Print is the canonical text of a tree. Parse reads it back as the same tree
// (with other places).
func Print(n Node) string {
	var b strings.Builder
	printNode(&b, n)
	return b.String()
}

// PrintOperand is the canonical text of one side of a comparison.
func PrintOperand(o Operand) string {
	var b strings.Builder
	printOperand(&b, o)
	return b.String()
}

func printNode(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *And:
		printJoined(b, n.Children, " and ")
	case *Or:
		printJoined(b, n.Children, " or ")
	case *Not:
		printNot(b, n)
	case *Macro:
		b.WriteString(n.Name)
	case *Exists:
		printOperand(b, n.Left)
		b.WriteByte(' ')
		b.WriteString(n.Op)
	case *Compare:
		printCompare(b, n)
	}
}

func printJoined(b *strings.Builder, children []Node, joiner string) {
	b.WriteByte('(')
	for i, child := range children {
		if i > 0 {
			b.WriteString(joiner)
		}
		printNode(b, child)
	}
	b.WriteByte(')')
}

// printNot puts a nested negation in parentheses: the parser folds not not x.
func printNot(b *strings.Builder, n *Not) {
	b.WriteString("not ")
	if _, nested := n.Child.(*Not); !nested {
		printNode(b, n.Child)
		return
	}
	b.WriteByte('(')
	printNode(b, n.Child)
	b.WriteByte(')')
}

func printCompare(b *strings.Builder, n *Compare) {
	printOperand(b, n.Left)
	b.WriteByte(' ')
	b.WriteString(n.Op)
	b.WriteByte(' ')
	if n.Modifier != "" {
		b.WriteString(n.Modifier)
		b.WriteByte(' ')
	}
	printOperand(b, n.Right)
}

func printOperand(b *strings.Builder, o Operand) {
	switch o := o.(type) {
	case *Field:
		b.WriteString(o.Name)
		printArg(b, o.Arg, o.HasArg)
	case *Transformer:
		b.WriteString(o.Name)
		b.WriteByte('(')
		printItems(b, o.Args, ",")
		b.WriteByte(')')
		printArg(b, o.Arg, o.HasArg)
	case *TransformerList:
		b.WriteByte('(')
		printItems(b, o.Items, ", ")
		b.WriteByte(')')
	case *Value:
		b.WriteString(Escape(o.Text))
	case *List:
		printList(b, o.Values)
	}
}

func printList(b *strings.Builder, values []Value) {
	b.WriteByte('(')
	for i := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(Escape(values[i].Text))
	}
	b.WriteByte(')')
}

// printItems prints the arguments of a transformer. Their constants must not
// read as fields, names or lists.
func printItems(b *strings.Builder, items []Operand, joiner string) {
	for i, item := range items {
		if i > 0 {
			b.WriteString(joiner)
		}
		if value, ok := item.(*Value); ok {
			b.WriteString(escapeItem(value.Text))
			continue
		}
		printOperand(b, item)
	}
}

// escapeItem writes a constant among a transformer's arguments: bare only
// where the parser would read all of it as one constant.
func escapeItem(text string) string {
	l := lexer{text: text}
	if _, isField := l.fieldName(); !isField && isBareString(text, isBareItem) && l.identifierEnd(0) < len(text) {
		return text
	}
	return quote(text)
}

func printArg(b *strings.Builder, arg string, hasArg bool) {
	if !hasArg {
		return
	}
	b.WriteByte('[')
	if isBareString(arg, isBareArg) {
		b.WriteString(arg)
	} else {
		b.WriteString(quote(arg))
	}
	b.WriteByte(']')
}
