package jsondoc

import "strings"

// Path is a JSON pointer in which * stands for every item of a list:
// /spec/containers/*/image is all images.
type Path struct{ parts []Pointer }

// MustPath compiles a path of a table.
func MustPath(text string) Path {
	var p Path
	for part := range strings.SplitSeq(text, "/*") {
		p.parts = append(p.parts, MustPointer(part))
	}
	return p
}

// Each calls f with all values that the path leads to from n, in their order.
// The first * stands for item only; -1: for all.
func (p Path) Each(n Node, only int, f func(Node)) { each(p.parts, n, only, f) }

func each(parts []Pointer, n Node, only int, f func(Node)) {
	n = parts[0].Find(n)
	switch {
	case !n.Exists():
	case len(parts) == 1:
		f(n)
	case only >= 0:
		if item := n.Item(only); item.Exists() {
			each(parts[1:], item, -1, f)
		}
	default:
		for item := range n.Items() {
			each(parts[1:], item, -1, f)
		}
	}
}
