package rulesfmt

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// printer writes YAML nodes.
type printer struct{ out bytes.Buffer }

func (p *printer) line(parts ...string) {
	for _, part := range parts {
		p.out.WriteString(part)
	}
	p.out.WriteByte('\n')
}

// comment writes a comment's lines at an indentation. A blank line within
// stays.
func (p *printer) comment(text, pad string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			p.line()
			continue
		}
		p.line(pad, line)
	}
}

func (p *printer) document(document *yaml.Node) {
	if document.HeadComment != "" {
		p.comment(document.HeadComment, "")
		p.line()
	}
	list := document.Content[0]
	p.comment(list.HeadComment, "")
	for i, item := range list.Content {
		if i > 0 {
			p.line()
		}
		p.item(item, "")
	}
	for _, foot := range []string{list.FootComment, document.FootComment} {
		if foot != "" {
			p.line()
			p.comment(foot, "")
		}
	}
}

// item writes a mapping of a list, its first key behind the dash.
func (p *printer) item(mapping *yaml.Node, pad string) {
	pairs := ordered(mapping)
	p.comment(mapping.HeadComment, pad)
	p.comment(pairs[0].key.HeadComment, pad)
	for i, pr := range pairs {
		lead := pad + "- "
		if i > 0 {
			lead = pad + "  "
			p.comment(pr.key.HeadComment, lead)
		}
		p.pair(pr, lead, pad+"  ")
		p.comment(pr.key.FootComment, pad+"  ")
	}
	if mapping.FootComment != "" {
		p.line()
		p.comment(mapping.FootComment, pad)
	}
}

// pair writes a key behind lead, and its value; pad indents what follows.
func (p *printer) pair(pr pair, lead, pad string) {
	head := lead + scalar(pr.key) + ":"
	switch {
	case pr.value.Kind == yaml.ScalarNode:
		p.scalarValue(pr, head, pad)
	case len(pr.value.Content) == 0 || isFlow(pr.value):
		p.flow(pr, head, pad)
	default:
		p.line(head, lineComment(pr.key, pr.value))
		p.block(pr.value, pad+"  ")
	}
	p.comment(pr.value.FootComment, pad)
}

// block writes a list or mapping over several lines.
func (p *printer) block(n *yaml.Node, pad string) {
	if n.Kind == yaml.MappingNode {
		for _, pr := range ordered(n) {
			p.comment(pr.key.HeadComment, pad)
			p.pair(pr, pad, pad)
			p.comment(pr.key.FootComment, pad)
		}
		return
	}
	for _, child := range n.Content {
		p.blockItem(child, pad)
	}
}

func (p *printer) blockItem(n *yaml.Node, pad string) {
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && !isFlow(n) {
		p.item(n, pad)
		return
	}
	p.comment(n.HeadComment, pad)
	lines := inline(n, width-len(pad)-2)
	p.line(pad, "- ", lines[0], lineCommentIf(len(lines) == 1, n))
	for i, line := range lines[1:] {
		p.line(pad, "    ", line, lineCommentIf(i == len(lines)-2, n))
	}
	p.comment(n.FootComment, pad)
}

// flow writes a list or mapping in brackets behind its key.
func (p *printer) flow(pr pair, head, pad string) {
	lines := inline(pr.value, width-len(head)-1)
	p.line(head, " ", lines[0], lineCommentIf(len(lines) == 1, pr.key, pr.value))
	for i, line := range lines[1:] {
		p.line(pad, "  ", line, lineCommentIf(i == len(lines)-2, pr.key, pr.value))
	}
}

// scalarValue writes a text behind its key, as a folded block where it is long.
func (p *printer) scalarValue(pr pair, head, pad string) {
	comment := lineComment(pr.key, pr.value)
	indicator, lines := layoutScalar(pr, width-len(head)-1, width-len(pad)-2)
	if indicator == "" {
		p.line(head, " ", lines[0], comment)
		return
	}
	p.line(head, " ", indicator, comment)
	for _, line := range lines {
		if line == "" {
			p.line()
			continue
		}
		p.line(pad, "  ", line)
	}
}

// lineComment is the comments at the end of the line of nodes.
func lineComment(nodes ...*yaml.Node) string {
	text := ""
	for _, n := range nodes {
		if n.LineComment != "" {
			text += " " + n.LineComment
		}
	}
	return text
}

func lineCommentIf(last bool, nodes ...*yaml.Node) string {
	if !last {
		return ""
	}
	return lineComment(nodes...)
}

// isFlow tells whether a list or mapping may stand in brackets: the author
// wrote it so, and no comment is within.
func isFlow(n *yaml.Node) bool {
	return n.Style&yaml.FlowStyle != 0 && !hasComment(n.Content)
}

func hasComment(nodes []*yaml.Node) bool {
	for _, n := range nodes {
		if n.HeadComment != "" || n.LineComment != "" || n.FootComment != "" || hasComment(n.Content) {
			return true
		}
	}
	return false
}
