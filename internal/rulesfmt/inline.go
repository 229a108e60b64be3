package rulesfmt

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// inline is a node in brackets or as a scalar: one line if it fits into room,
// else a list's items filled over several.
func inline(n *yaml.Node, room int) []string {
	one := flowText(n)
	if len(one) <= room || n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
		return []string{one}
	}
	items := make([]string, len(n.Content))
	for i, child := range n.Content {
		items[i] = flowText(child)
	}
	lines := append([]string{"["}, fill(items, width-8)...)
	lines[len(lines)-1] += "]"
	return lines
}

func flowText(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		items := make([]string, len(n.Content))
		for i, child := range n.Content {
			items[i] = flowText(child)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case yaml.MappingNode:
		var items []string
		for _, pr := range ordered(n) {
			items = append(items, flowText(pr.key)+": "+flowText(pr.value))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return flowScalar(n)
}

// flowScalar is a scalar that may stand within brackets, where plain text may
// not hold some characters that it may hold elsewhere.
func flowScalar(n *yaml.Node) string {
	text := scalar(n)
	if n.Tag == "!!str" && text == n.Value && strings.ContainsAny(text, ",[]{}") {
		quoted := *n
		quoted.Style = yaml.DoubleQuotedStyle
		return scalar(&quoted)
	}
	return text
}
