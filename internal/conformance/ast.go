package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/lannersec/lanner/engine/filter"
)

// runAST runs ast, ast_string, ast_roundtrip and ast_positions.
func runAST(_ *Corpus, c Case) error {
	var want struct {
		Expr   caseText
		Expect json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	text := string(want.Expr)
	node, err := filter.Parse(text)
	if err != nil {
		return &Mismatch{Input: text, Expected: "accept", Got: err}
	}
	switch c.Kind {
	case "ast":
		return compare(text, want.Expect, treeOf(node))
	case "ast_string":
		return compare(text, want.Expect, filter.Print(node))
	case "ast_roundtrip":
		return checkReparse(text, node)
	case "ast_positions":
		return compare(text, want.Expect, placesOf(text, node))
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}

func checkReparse(text string, node filter.Node) error {
	printed := filter.Print(node)
	again, err := filter.Parse(printed)
	if err != nil {
		return &Mismatch{Input: text, Expected: "the print to parse: " + printed, Got: err}
	}
	return compare(text, treeOf(node), treeOf(again))
}

// object is a JSON object.
type object map[string]any

// treeOf is a tree in the corpus's form.
func treeOf(n filter.Node) any {
	switch n := n.(type) {
	case *filter.And:
		return object{"and": treesOf(n.Children)}
	case *filter.Or:
		return object{"or": treesOf(n.Children)}
	case *filter.Not:
		return object{"not": treeOf(n.Child)}
	case *filter.Macro:
		return object{"macro": n.Name}
	case *filter.Exists:
		return object{"check": operandOf(n.Left), "op": n.Op}
	case *filter.Compare:
		op := n.Op
		if n.Modifier != "" {
			op += " " + n.Modifier
		}
		return object{"check": operandOf(n.Left), "op": op, "rhs": operandOf(n.Right)}
	}
	return nil
}

func treesOf(nodes []filter.Node) []any {
	var trees []any
	for _, n := range nodes {
		trees = append(trees, treeOf(n))
	}
	return trees
}

func operandOf(o filter.Operand) any {
	switch o := o.(type) {
	case *filter.Field:
		return withArg(object{"field": o.Name}, o.Arg, o.HasArg)
	case *filter.Transformer:
		return withArg(object{"transformer": o.Name, "args": operandsOf(o.Args)}, o.Arg, o.HasArg)
	case *filter.TransformerList:
		return object{"list": operandsOf(o.Items)}
	case *filter.Value:
		return object{"value": o.Text}
	case *filter.List:
		texts := []string{}
		for _, value := range o.Values {
			texts = append(texts, value.Text)
		}
		return object{"list": texts}
	}
	return nil
}

func withArg(o object, arg string, hasArg bool) object {
	if hasArg {
		o["arg"] = arg
	}
	return o
}

func operandsOf(operands []filter.Operand) []any {
	var trees []any
	for _, o := range operands {
		trees = append(trees, operandOf(o))
	}
	return trees
}

// placesOf lists the nodes in pre-order with byte index, line and column.
func placesOf(text string, n filter.Node) []any {
	var places []any
	add := func(name string, at filter.Span) {
		line, column := filter.Position(text, at.Start)
		places = append(places, []any{name, at.Start, line, column})
	}
	filter.Walk(n, func(n filter.Node) bool {
		add(nodeName(n), n.Span())
		filter.OperandsOf(n, func(o filter.Operand) { add(operandName(o), o.Span()) })
		return true
	})
	return places
}

func nodeName(n filter.Node) string {
	switch n.(type) {
	case *filter.And:
		return "and"
	case *filter.Or:
		return "or"
	case *filter.Not:
		return "not"
	case *filter.Macro:
		return "identifier"
	case *filter.Exists:
		return "unary"
	}
	return "binary"
}

func operandName(o filter.Operand) string {
	switch o.(type) {
	case *filter.Field:
		return "field"
	case *filter.Value:
		return "value"
	case *filter.List:
		return "list"
	case *filter.TransformerList:
		return "transformer_list"
	}
	return "transformer"
}
