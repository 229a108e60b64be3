package predicate

import (
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/operator"
)

// AtomKind is how an Atom relates to a text.
type AtomKind uint8

// The kinds of atoms.
const (
	Exact AtomKind = iota
	Prefix
	InDirectory // the text without its last component
	BaseName    // the last component
	Suffix
	Contains
)

// Atom is a test of a text. It is never negated.
type Atom struct {
	Kind AtomKind
	Text string
}

// Atoms is a set of tests of one text of which one must hold. Nil is no test,
// which everything passes; an empty set that nothing does.
type Atoms []Atom

// Known is a text of an event: whole, and where its last component begins.
type Known struct {
	OK   bool // false: the text could not be found out
	Text string
	Base int // negative: unknown
}

// Match tells whether a text can pass.
func (a Atoms) Match(k *Known) bool {
	if a == nil || !k.OK {
		return true
	}
	return slices.ContainsFunc(a, func(a Atom) bool { return a.Match(k) })
}

// Match tells whether a known text can pass.
func (a Atom) Match(k *Known) bool {
	switch a.Kind {
	case Exact:
		return k.Text == a.Text
	case Prefix:
		return strings.HasPrefix(k.Text, a.Text)
	case Suffix:
		return strings.HasSuffix(k.Text, a.Text)
	case Contains:
		return strings.Contains(k.Text, a.Text)
	case InDirectory:
		return k.Base < 0 || k.Text[:k.Base] == a.directory()
	case BaseName:
		return k.Base < 0 || k.Text[k.Base:] == a.Text
	}
	return true
}

// directory is the directory with a slash at its end.
func (a Atom) directory() string {
	if a.Text == "/" {
		return a.Text
	}
	return a.Text + "/"
}

// textAtoms are the tests that a comparison of a part of a text comes to; nil
// where it comes to none.
func textAtoms(c *compile.Comparison, form Form) Atoms {
	if c.Right != nil || c.Modifier != operator.NoModifier || c.Op.Unary {
		return nil
	}
	atoms := Atoms{}
	for i := range c.Consts {
		found := atomsOf(c.Op.Name, c.Consts[i].Value.Str(), form)
		if found == nil {
			return nil
		}
		atoms = append(atoms, found...)
	}
	return atoms
}

// atomsOf is the tests of one constant.
func atomsOf(op, text string, form Form) Atoms {
	switch op {
	case "=", "in", "intersects":
		return equals(text, form)
	case "startswith":
		return startsWith(text, form)
	case "endswith":
		return endsWith(text, form)
	case "contains":
		return literal(Contains, text)
	case "glob":
		return glob(text, form)
	case "pmatch":
		if form == Whole {
			return pathPrefix(text)
		}
	}
	return nil
}

func equals(text string, form Form) Atoms {
	switch form {
	case Directory:
		return Atoms{{InDirectory, text}, {Exact, text}}
	case Base:
		return Atoms{{BaseName, text}}
	case Whole, Raw:
	}
	return Atoms{{Exact, text}}
}

func startsWith(text string, form Form) Atoms {
	if form == Base {
		return literal(Contains, "/"+text)
	}
	return literal(Prefix, text)
}

func endsWith(text string, form Form) Atoms {
	if form == Directory {
		return literal(Contains, text)
	}
	return literal(Suffix, text)
}

// literal is a test for a text; none for the empty one, which is everywhere.
func literal(kind AtomKind, text string) Atoms {
	if text == "" {
		return nil
	}
	return Atoms{{kind, text}}
}

// glob is what a pattern begins with, or else the longest text in it.
func glob(pattern string, form Form) Atoms {
	if strings.ContainsAny(pattern, `[\`) {
		pattern = pattern[:strings.IndexAny(pattern, `[\`)]
	}
	parts := strings.FieldsFunc(pattern, func(r rune) bool { return r == '*' || r == '?' })
	if len(parts) == 0 {
		return nil
	}
	if strings.HasPrefix(pattern, parts[0]) && form != Base && len(parts[0]) > 1 {
		return Atoms{{Prefix, parts[0]}}
	}
	longest := slices.MaxFunc(parts, func(a, b string) int { return len(a) - len(b) })
	return Atoms{{Contains, longest}}
}

// pathPrefix is a path of pmatch as far as it has no pattern. Empty components
// do not count there.
func pathPrefix(text string) Atoms {
	if operator.HasGlob(text) || strings.Contains(text, "//") || !strings.HasPrefix(text, "/") {
		return nil
	}
	return literal(Prefix, strings.TrimRight(text, "/"))
}

// both is a set that passes at least what passes two.
func both(a, b Atoms) Atoms {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case weight(b) < weight(a):
		a, b = b, a
	}
	if !allExact(a) {
		return a
	}
	kept := Atoms{}
	for _, atom := range a {
		k := Known{OK: true, Text: atom.Text, Base: -1}
		if b.Match(&k) {
			kept = append(kept, atom)
		}
	}
	return kept
}

func allExact(a Atoms) bool {
	return !slices.ContainsFunc(a, func(a Atom) bool { return a.Kind != Exact })
}

// weights estimate how much a test lets through, and what it costs.
var weights = [...]int{Exact: 1, BaseName: 20, InDirectory: 10, Suffix: 40, Prefix: 30, Contains: 50}

// weight is that of the widest test, which decides.
func weight(a Atoms) int {
	w := 0
	for _, atom := range a {
		w = max(w, weights[atom.Kind])
	}
	return w
}

// either is a set that passes what passes one of two.
func either(a, b Atoms) Atoms {
	if a == nil || b == nil {
		return nil
	}
	joined := slices.Clone(a)
	for _, atom := range b {
		if !slices.Contains(joined, atom) {
			joined = append(joined, atom)
		}
	}
	return joined
}
