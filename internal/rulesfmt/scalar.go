package rulesfmt

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// scalar is a text on one line, with quotes as the author set them or as the
// text needs them.
func scalar(n *yaml.Node) string {
	if n.Line > 0 && n.Style == 0 && n.Value != "" {
		return n.Value // was plain in the source, and still can be
	}
	plain := yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: n.Value, Style: n.Style &^ (yaml.FoldedStyle | yaml.LiteralStyle)}
	text, err := yaml.Marshal(&plain)
	if err == nil {
		if line := strings.TrimSuffix(string(text), "\n"); !strings.Contains(line, "\n") {
			return line
		}
	}
	plain.Style = yaml.DoubleQuotedStyle
	text, err = yaml.Marshal(&plain)
	if err != nil {
		return n.Value // a text always marshals
	}
	return strings.TrimSuffix(string(text), "\n")
}

// layoutScalar is the text on one line of at most first bytes, or the indicator
// and lines of a block.
func layoutScalar(pr pair, first, rest int) (indicator string, lines []string) {
	n := pr.value
	if pr.key.Value == "condition" && n.Tag == "!!str" {
		return layoutConditionScalar(n, first, rest)
	}
	one := scalar(n)
	body := strings.TrimRight(n.Value, "\n")
	isBlock := n.Style&(yaml.FoldedStyle|yaml.LiteralStyle) != 0
	switch {
	case n.Tag != "!!str" || !isBlock && len(one) <= first:
		return "", []string{one}
	case !canBlock(body) || strings.HasSuffix(n.Value, "\n\n"):
		return "", []string{one}
	case strings.Contains(body, "\n"):
		return "|" + chomping(n.Value), strings.Split(body, "\n")
	}
	return ">" + chomping(n.Value), wrapProse(body, max(rest, minWidth))
}

// canBlock tells whether text reads back the same from a block: no blank at its
// ends or at those of a line, and nothing that only quotes can hold.
func canBlock(body string) bool {
	for line := range strings.SplitSeq(body, "\n") {
		if line != strings.TrimSpace(line) {
			return false
		}
	}
	return body != "" && !strings.ContainsFunc(body, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == 0xfffd })
}

// chomping says what becomes of the line break at the end of a block.
func chomping(value string) string {
	if strings.HasSuffix(value, "\n") {
		return ""
	}
	return "-"
}

// layoutConditionScalar needs not keep the blanks of a condition.
func layoutConditionScalar(n *yaml.Node, first, rest int) (indicator string, lines []string) {
	lines = layoutCondition(n.Value, max(rest, minWidth))
	if len(lines) == 0 {
		return "", []string{scalar(n)}
	}
	one := yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: strings.Join(layoutCondition(n.Value, 1<<30), " ")}
	if text := scalar(&one); len(text) <= first && text == one.Value {
		return "", []string{text}
	}
	return ">", lines
}
