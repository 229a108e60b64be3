package rulesfmt

import (
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

// condition lays out conditions. Constants keep their quotes and escapes as
// the author wrote them; only blanks and line breaks are ours.
type condition struct {
	text  string
	width int
}

// Condition lays out a condition for reading; parentheses around all of it are
// left out.
func Condition(text string) []string {
	node, err := filter.Parse(text)
	if err != nil {
		return wrap(collapse(text), width)
	}
	return condition{text, width}.lines(node, "", 0)
}

// layoutCondition breaks a condition into lines of at most width bytes where
// it can. What does not parse alone, as the text of an append, is only wrapped.
func layoutCondition(text string, width int) []string {
	node, err := filter.Parse(text)
	if err != nil {
		return wrap(collapse(text), width)
	}
	c := condition{text, width}
	if isJoined(node) && inParentheses(text, node) {
		return c.part(node, "", 0) // they matter where another file appends
	}
	return c.lines(node, "", 0)
}

// inParentheses tells whether all of a condition stands in parentheses.
func inParentheses(text string, n filter.Node) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n\b"), "(") &&
		strings.HasSuffix(strings.TrimSpace(text[:n.Span().Start]), "(")
}

// lines lays out a node that follows lead at an indentation.
func (c condition) lines(n filter.Node, lead string, indent int) []string {
	pad := strings.Repeat(" ", indent)
	if one := pad + lead + c.inline(n); len(one) <= c.width {
		return []string{one}
	}
	switch n := n.(type) {
	case *filter.And:
		return c.joined(n.Children, "and ", lead, indent)
	case *filter.Or:
		return c.joined(n.Children, "or ", lead, indent)
	case *filter.Not:
		return c.part(n.Child, lead+"not ", indent)
	case *filter.Compare:
		return c.longList(n, lead, indent)
	}
	return []string{pad + lead + c.inline(n)}
}

func (c condition) joined(children []filter.Node, word, lead string, indent int) []string {
	var lines []string
	for i, child := range children {
		if i > 0 {
			lead = word
		}
		lines = append(lines, c.part(child, lead, indent)...)
	}
	return lines
}

// part is lines with the parentheses that a joined child needs.
func (c condition) part(n filter.Node, lead string, indent int) []string {
	if !isJoined(n) {
		return c.lines(n, lead, indent)
	}
	pad := strings.Repeat(" ", indent)
	if one := pad + lead + "(" + c.inline(n) + ")"; len(one) <= c.width {
		return []string{one}
	}
	lines := append([]string{pad + lead + "("}, c.lines(n, "", indent+2)...)
	lines[len(lines)-1] += ")"
	return lines
}

// longList wraps the constants of a comparison with a list.
func (c condition) longList(n *filter.Compare, lead string, indent int) []string {
	pad := strings.Repeat(" ", indent)
	list, ok := n.Right.(*filter.List)
	if !ok || len(list.Values) < 2 {
		return []string{pad + lead + c.inline(n)}
	}
	inner := pad + "  "
	lines := []string{pad + lead + c.head(n) + " ("}
	for _, line := range fill(c.constants(list), c.width-len(inner)-1) {
		lines = append(lines, inner+line)
	}
	lines[len(lines)-1] += ")"
	return lines
}

// inline is a node on one line, without parentheses around it.
func (c condition) inline(n filter.Node) string {
	switch n := n.(type) {
	case *filter.And:
		return c.inlineAll(n.Children, " and ")
	case *filter.Or:
		return c.inlineAll(n.Children, " or ")
	case *filter.Not:
		return "not " + c.inlinePart(n.Child)
	case *filter.Compare:
		return c.head(n) + " " + c.right(n.Right)
	}
	return c.source(n.Span())
}

func (c condition) inlineAll(children []filter.Node, joiner string) string {
	parts := make([]string, len(children))
	for i, child := range children {
		parts[i] = c.inlinePart(child)
	}
	return strings.Join(parts, joiner)
}

func (c condition) inlinePart(n filter.Node) string {
	if isJoined(n) {
		return "(" + c.inline(n) + ")"
	}
	return c.inline(n)
}

// isJoined tells whether a node stands in parentheses within another.
func isJoined(n filter.Node) bool {
	switch n.(type) {
	case *filter.And, *filter.Or:
		return true
	}
	return false
}

// head is a comparison up to its right side.
func (c condition) head(n *filter.Compare) string {
	head := c.source(n.Left.Span()) + " " + n.Op
	if n.Modifier != "" {
		head += " " + n.Modifier
	}
	return head
}

func (c condition) right(o filter.Operand) string {
	if list, ok := o.(*filter.List); ok {
		return "(" + strings.Join(c.constants(list), ", ") + ")"
	}
	return c.source(o.Span())
}

func (c condition) constants(list *filter.List) []string {
	constants := make([]string, len(list.Values))
	for i, value := range list.Values {
		constants[i] = c.text[value.At.Start:value.At.End]
	}
	return constants
}

func (c condition) source(at filter.Span) string { return collapse(c.text[at.Start:at.End]) }
