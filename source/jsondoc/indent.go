package jsondoc

import "github.com/lannersec/lanner/engine/event"

// Indented is the value as JSON on many lines, two blanks for each level. It is
// valid as long as Text is.
func (n Node) Indented(s *event.Scratch) string {
	if n.doc == nil {
		return ""
	}
	raw := n.Raw()
	return s.Text(n.appendIndented(s.Buffer(2*len(raw)), 0))
}

func (n Node) appendIndented(b []byte, level int) []byte {
	switch kind := n.Kind(); {
	case kind == Array && n.entry().next > n.at+1:
		b = append(b, '[')
		separator := byte(0)
		for item := range n.Items() {
			b = newLine(b, separator, level+1)
			b = item.appendIndented(b, level+1)
			separator = ','
		}
		return append(newLine(b, 0, level), ']')
	case kind == Object && n.entry().next > n.at+1:
		b = append(b, '{')
		separator := byte(0)
		for name, value := range n.Members() {
			b = newLine(b, separator, level+1)
			b = append(b, name.Raw()...)
			b = append(b, ": "...)
			b = value.appendIndented(b, level+1)
			separator = ','
		}
		return append(newLine(b, 0, level), '}')
	case kind == Array:
		return append(b, "[]"...)
	case kind == Object:
		return append(b, "{}"...)
	}
	return append(b, n.Raw()...)
}

// newLine begins a line behind a separator; 0 is none.
func newLine(b []byte, separator byte, level int) []byte {
	if separator != 0 {
		b = append(b, separator)
	}
	b = append(b, '\n')
	for range level {
		b = append(b, "  "...)
	}
	return b
}
