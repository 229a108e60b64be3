// Package filter is the syntax of conditions: lexer, parser, tree and printer.
// It knows no fields, types or events.
package filter

// Span is a place in the source text: byte offsets, End excluded. Lines and
// columns are computed only when a diagnostic is printed.
type Span struct{ Start, End int }

// Node is one node of a condition's tree: And, Or, Not, Macro, Exists or Compare.
type Node interface {
	Span() Span
	expr()
}

// Operand is what stands on a side of a comparison: Field, Transformer,
// TransformerList, Value or List.
type Operand interface {
	Span() Span
	operand()
}

type (
	// And is true where all of its two or more Children are.
	And struct {
		Children []Node
		At       Span
	}
	// Or is true where one of its two or more Children is.
	Or struct {
		Children []Node
		At       Span
	}
	// Not negates its Child. The parser folds not not x into x.
	Not struct {
		Child Node
		At    Span
	}
	// Macro is a bare identifier: the name of a macro.
	Macro struct {
		Name string
		At   Span
	}
	// Exists is the presence test: proc.name exists.
	Exists struct {
		Left Operand
		Op   string
		At   Span
	}
	// Compare is a comparison of a field or transformer with constants, a
	// field or a transformer.
	Compare struct {
		Left     Operand
		Op       string // as written: = and == stay distinct
		Modifier string // oneof, anyof, allof, or empty
		Right    Operand
		OpAt     Span
		At       Span
	}
	// Field names a field, with its bracketed argument if there is one.
	Field struct {
		Name   string
		Arg    string
		HasArg bool
		At     Span
	}
	// Transformer is a function over operands: tolower(proc.name).
	Transformer struct {
		Name   string
		Args   []Operand
		Arg    string // bracketed argument: getopt(proc.args, "nt:")[t]
		HasArg bool
		At     Span
	}
	// TransformerList is the parenthesised list of operands that join and
	// concat take.
	TransformerList struct {
		Items []Operand
		At    Span
	}
	// Value is a constant, unescaped.
	Value struct {
		Text string
		At   Span
	}
	// List is a list of constants.
	List struct {
		Values []Value
		At     Span
	}
)

// Span is the place of the node in the source text.
func (n *And) Span() Span             { return n.At }
func (n *Or) Span() Span              { return n.At }
func (n *Not) Span() Span             { return n.At }
func (n *Macro) Span() Span           { return n.At }
func (n *Exists) Span() Span          { return n.At }
func (n *Compare) Span() Span         { return n.At }
func (n *Field) Span() Span           { return n.At }
func (n *Transformer) Span() Span     { return n.At }
func (n *TransformerList) Span() Span { return n.At }
func (n *Value) Span() Span           { return n.At }
func (n *List) Span() Span            { return n.At }

func (*And) expr()     {}
func (*Or) expr()      {}
func (*Not) expr()     {}
func (*Macro) expr()   {}
func (*Exists) expr()  {}
func (*Compare) expr() {}

func (*Field) operand()           {}
func (*Transformer) operand()     {}
func (*TransformerList) operand() {}
func (*Value) operand()           {}
func (*List) operand()            {}
