package rules

import (
	"testing"

	"gopkg.in/yaml.v3"
)

var scalarSeeds = []string{
	"a: plain\n",
	"a: plain over\n   lines and\n\n\n   more\n",
	"- 'it''s quoted\n  over  lines\n\n  twice'\n",
	"- \"esc \\x41\\u00e9\\U0001F600 \\\"q\\\" \\\n   joined\n\n   folded \\n \\t end\"\n",
	"a: >\n  folded\n  text\n\n    more indented\n  less\n\n\n",
	"a: >-\n\n  first\n  second\n",
	"a: |+2 # remark\n    indented\n  not\n\n",
	"a: |\n  literal\n\n\n  text\n",
	"a: !!str &anchor tagged text\nb: *anchor\n",
	"{a: flow, b: [one, \"two\", 'three', four five]}\n",
	"\xef\xbb\xbfa: mark\n",
	"a: x\r\nb: >\r\n  y\r\n  z\r\n",
	"a: x\rb: y\r",
	"é: ü€😀 and more\n",
	"a: \"\\  two \\\r\n  three\"\n",
}

// TestScalarPlaces and FuzzScalarPlaces want every letter of every scalar at a
// place where the file has that letter, and places in their order.
func TestScalarPlaces(t *testing.T) {
	for _, text := range scalarSeeds {
		if n := checkPlaces(t, text, true); n == 0 {
			t.Errorf("no letters in %q", text)
		}
	}
}

func FuzzScalarPlaces(f *testing.F) {
	for _, text := range scalarSeeds {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 4096 {
			checkPlaces(t, text, false)
		}
	})
}

// checkPlaces returns how many letters it has compared. Escapes can make any
// letter; strict tells that those of the text make none of a to z.
func checkPlaces(t *testing.T, text string, strict bool) int {
	src := newSource(File{Name: "f", Data: []byte(text)})
	docs, _ := src.documents()
	n := 0
	for _, doc := range docs {
		walkScalars(doc, 0, func(s scalar) { n += checkScalar(t, text, s, strict) })
	}
	return n
}

func walkScalars(n node, depth int, visit func(scalar)) {
	if depth > 20 {
		return
	}
	if n.y.Kind == yaml.ScalarNode {
		visit(n.scalar())
		return
	}
	for _, child := range n.children() {
		walkScalars(node{child, n.src}.resolved(), depth+1, visit)
	}
}

func checkScalar(t *testing.T, text string, s scalar, strict bool) int {
	letters, last := 0, 0
	for i := range len(s.text) {
		at := s.rng(i, i+1)
		if at.Start < last || at.End < at.Start || at.End > len(text) {
			t.Fatalf("%q: byte %d of %q is at %d-%d, after %d", text, i, s.text, at.Start, at.End, last)
		}
		last = at.Start
		if c := s.text[i]; c >= 'a' && c <= 'z' && (strict || s.quote() != '"') {
			letters++
			if at.Start >= len(text) || text[at.Start] != c {
				t.Fatalf("%q: %q of %q is said to be at %d", text, c, s.text, at.Start)
			}
		}
	}
	return letters
}
