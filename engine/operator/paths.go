package operator

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// PathSet is a set of path prefixes as a tree of components, for pmatch. A
// component may be a glob; empty components do not count.
type PathSet struct {
	any  bool // a prefix was added
	root pathNode
}

type pathNode struct {
	end   bool // a prefix ends here
	names map[string]*pathNode
	globs []pathGlob
}

type pathGlob struct {
	pattern string
	node    *pathNode
}

// Add puts a prefix in the set.
func (s *PathSet) Add(prefix string) {
	s.any = true
	node := &s.root
	for name, rest := component(prefix); name != ""; name, rest = component(rest) {
		node = node.child(name)
	}
	node.end = true
}

// Match tells whether one of the prefixes leads path.
func (s *PathSet) Match(path string) bool { return s.any && s.root.match(path) }

func (n *pathNode) child(name string) *pathNode {
	if !HasGlob(name) {
		if next := n.names[name]; next != nil {
			return next
		}
		if n.names == nil {
			n.names = map[string]*pathNode{}
		}
		next := &pathNode{}
		n.names[name] = next
		return next
	}
	for _, g := range n.globs {
		if g.pattern == name {
			return g.node
		}
	}
	next := &pathNode{}
	n.globs = append(n.globs, pathGlob{name, next})
	return next
}

func (n *pathNode) match(path string) bool {
	if n.end {
		return true
	}
	name, rest := component(path)
	if name == "" {
		return false
	}
	if next := n.names[name]; next != nil && next.match(rest) {
		return true
	}
	for _, g := range n.globs {
		if globMatch(g.pattern, name, false) && g.node.match(rest) {
			return true
		}
	}
	return false
}

// component cuts the first component off a path; it is empty at the end.
func component(path string) (name, rest string) {
	path = strings.TrimLeft(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

func buildPaths(_ Class, consts []event.Value) (Matcher, error) {
	var set PathSet
	for i := range consts {
		set.Add(consts[i].Str())
	}
	return func(v *event.Value) bool { return set.Match(v.Str()) }, nil
}
