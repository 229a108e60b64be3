package rules

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/diag"
)

// node is a YAML node in its file. Aliases are already followed. The zero node
// is a key that is not there.
type node struct {
	y   *yaml.Node
	src *source
}

func (n node) resolved() node {
	for hops := 0; n.y != nil && n.y.Kind == yaml.AliasNode && hops < 8; hops++ {
		n.y = n.y.Alias
	}
	return n
}

func (n node) defined() bool  { return n.y != nil }
func (n node) isMap() bool    { return n.y.Kind == yaml.MappingNode }
func (n node) isSeq() bool    { return n.y.Kind == yaml.SequenceNode }
func (n node) isNull() bool   { return n.y.Kind == yaml.ScalarNode && n.y.Tag == "!!null" }
func (n node) isScalar() bool { return n.y.Kind == yaml.ScalarNode && !n.isNull() }

// exhausted tells that reading more of the file would be too much: only
// aliases of aliases get there.
func (s *source) exhausted() bool { return s.visits <= 0 }

// children are the nodes below a node, counted.
func (n node) children() []*yaml.Node {
	if n.src.visits -= len(n.y.Content); n.src.exhausted() {
		return nil
	}
	return n.y.Content
}

// items are the entries of a sequence.
func (n node) items() []node {
	content := n.children()
	out := make([]node, len(content))
	for i, c := range content {
		out[i] = node{c, n.src}.resolved()
	}
	return out
}

// pair is one entry of a mapping.
type pair struct{ key, value node }

// pairs are the entries of a mapping in their order.
func (n node) pairs() []pair {
	content := n.children()
	out := make([]pair, 0, len(content)/2)
	for i := 0; i+1 < len(content); i += 2 {
		out = append(out, pair{node{content[i], n.src}.resolved(), node{content[i+1], n.src}.resolved()})
	}
	return out
}

// get finds the value of a key; of a key that stands twice, the first.
func (n node) get(key string) node {
	content := n.y.Content
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == key && content[i].Kind == yaml.ScalarNode {
			return node{content[i+1], n.src}.resolved()
		}
	}
	return node{}
}

// keyRange is the place of a key of a mapping.
func (n node) keyRange(key string) diag.Range {
	i := slices.IndexFunc(n.y.Content, func(c *yaml.Node) bool { return c.Value == key })
	if i < 0 {
		return n.rng()
	}
	return node{n.y.Content[i], n.src}.rng()
}

// scalar is the node's text with its place.
func (n node) scalar() scalar {
	return scalar{text: n.y.Value, src: n.src, at: n.src.offset(n.y.Line, n.y.Column), style: n.y.Style}
}

// rng is where the node stands: all of a scalar, the first line of anything else.
func (n node) rng() diag.Range {
	if n.y.Kind == yaml.ScalarNode {
		return n.scalar().rng(0, len(n.y.Value))
	}
	at := n.src.offset(n.y.Line, n.y.Column)
	line, start := n.src.file.Line(n.src.file.Position(at).Line)
	return diag.Range{File: n.src.file, Start: at, End: max(at+1, start+len(line))}
}
