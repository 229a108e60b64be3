package rules

import (
	"iter"
	"math"
	"sort"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
)

const (
	// maxExpansion bounds the comparisons of an expanded condition: macros of
	// macros grow exponentially.
	maxExpansion = 100_000
	// maxExpansionDepth bounds how many macros contain each other.
	maxExpansionDepth = 200
	// maxWeight bounds all rules together, by the bytes of their expanded texts
	// and comparisonWeight for each comparison. Ten thousand rules of the size of
	// upstream's take a third of it.
	maxWeight        = 64 << 20
	comparisonWeight = 64
	// allVisible is the visibility of rules: they may use any macro.
	allVisible = math.MaxInt
)

// macroTree is a macro's condition as a tree. Its spans are moved up by base,
// so that a span tells which macro's text it is of, also in a tree that was put
// together from several.
type macroTree struct {
	info     *macroInfo
	text     *text
	base     int
	parsed   filter.Node // nil if it could not be parsed
	expanded filter.Node // nil until it has been expanded
	size     int         // comparisons in expanded
	bytes    int         // of the texts in expanded
	depth    int         // macros within each other
	busy     bool        // being expanded
}

// macroBase is where the texts of macros begin in the space of spans; a rule's
// own text begins at 0.
const macroBase = 1 << 40

// parseMacros parses all macros, in the order of their definition.
func (b *builder) parseMacros() {
	base := macroBase
	for _, m := range b.c.macros.all {
		t := &text{}
		t.join(m.cond)
		t = b.lists.substitute(t, &text{})
		tree := &macroTree{info: m, text: t, base: base}
		base += len(t.b) + 1
		b.macros[m.name.text] = tree
		b.placed = append(b.placed, tree)
		if t.cutShort {
			m.broken = true
			b.report(errListsTooLarge(m.name.all(), m.item()))
			continue
		}
		n, err := filter.ParseRule(t.String())
		if err != nil {
			m.broken = true
			b.failedTexts = append(b.failedTexts, t.String())
			b.reportParse(err, tree.base, m.item())
			continue
		}
		move(n, tree.base)
		tree.parsed = n
	}
	for _, tree := range b.placed {
		b.expandMacro(tree)
	}
}

// expandMacro replaces the macros that a macro uses. Only macros that were
// defined before its last change are visible to it.
func (b *builder) expandMacro(tree *macroTree) {
	if tree.expanded != nil || tree.info.broken || tree.parsed == nil {
		return
	}
	tree.busy = true
	e := expansion{b: b, of: tree.info.item(), visibility: tree.info.visibility}
	tree.expanded = e.expand(tree.parsed)
	tree.busy = false
	tree.size, tree.depth, tree.bytes = e.size, e.depth+1, e.bytes
	if tree.text != nil {
		tree.bytes += len(tree.text.b)
	}
	if !e.failed && (tree.size > maxExpansion || tree.depth > maxExpansionDepth) {
		b.report(errMacroTooLarge(tree.info.name.all(), tree.info.item()))
		e.failed = true
	}
	tree.info.broken = tree.info.broken || e.failed
}

// expansion replaces the macros of one condition.
type expansion struct {
	b          *builder
	of         diag.Item
	visibility int
	size       int
	bytes      int // of the macros' texts
	depth      int
	failed     bool
}

// expand returns n with its macros replaced. What holds no macro is shared with
// the old tree.
func (e *expansion) expand(n filter.Node) filter.Node {
	switch n := n.(type) {
	case *filter.And:
		if children, changed := e.all(n.Children); changed {
			return &filter.And{Children: children, At: n.At}
		}
	case *filter.Or:
		if children, changed := e.all(n.Children); changed {
			return &filter.Or{Children: children, At: n.At}
		}
	case *filter.Not:
		if child := e.expand(n.Child); child != n.Child {
			return &filter.Not{Child: child, At: n.At}
		}
	case *filter.Macro:
		return e.macro(n)
	default:
		e.size++
	}
	return n
}

func (e *expansion) all(children []filter.Node) (out []filter.Node, changed bool) {
	for i, child := range children {
		c := e.expand(child)
		if c == child && !changed {
			continue
		}
		if !changed {
			out, changed = append(make([]filter.Node, 0, len(children)), children[:i]...), true
		}
		out = append(out, c)
	}
	return out, changed
}

// macro is the tree that a macro's name stands for.
func (e *expansion) macro(n *filter.Macro) filter.Node {
	tree := e.b.macros[n.Name]
	if tree == nil || tree.info.index >= e.visibility {
		e.failed = true
		if !e.b.c.spoiled(diag.Item{Kind: "macro", Name: n.Name}) {
			at, _ := e.b.locate(n.At)
			e.b.report(errMacroUndefined(at, e.of, n.Name, e.b.visible(e.visibility)))
		}
		return n
	}
	tree.info.used = true
	if tree.busy {
		e.failed = true
		at, _ := e.b.locate(n.At)
		tree.info.broken = true
		e.b.report(errMacroLoop(at, tree.info.item(), n.Name))
		return n
	}
	e.b.expandMacro(tree)
	if tree.info.broken || tree.expanded == nil {
		e.failed = true
		return n
	}
	e.size += tree.size
	e.bytes += tree.bytes
	e.depth = max(e.depth, tree.depth)
	return tree.expanded
}

// maxSuggested is the number of problems after which no macro is suggested any
// more: looking for one takes longer than everything else.
const maxSuggested = 100

// visible lists the macros that something may use, to suggest one.
func (b *builder) visible(visibility int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(b.diags.list) > maxSuggested {
			return
		}
		for _, m := range b.c.macros.all {
			if m.index < visibility && !yield(m.name.text) {
				return
			}
		}
	}
}

// treeAt finds the macro whose text holds an offset; nil for a rule's own text.
func (b *builder) treeAt(offset int) *macroTree {
	if offset < macroBase {
		return nil
	}
	i := sort.Search(len(b.placed), func(i int) bool { return b.placed[i].base > offset })
	return b.placed[max(0, i-1)]
}

// locate finds where a span was written, and by which list it came there.
func (b *builder) locate(at filter.Span) (diag.Range, *usage) {
	if tree := b.treeAt(at.Start); tree != nil {
		return tree.text.locate(filter.Span{Start: at.Start - tree.base, End: at.End - tree.base})
	}
	return b.own.locate(at)
}

// way is the way from a span to the rule (or macro) in which it takes effect.
func (b *builder) way(at filter.Span, via *usage, root filter.Node, of diag.Item) []diag.Frame {
	tree := b.treeAt(at.Start)
	if tree == nil && via == nil {
		return nil
	}
	var frames []diag.Frame
	var place diag.Range
	if via != nil {
		frames = append(frames, diag.Frame{Item: via.list})
		place = via.place
	}
	if tree != nil && tree.info.item() != of {
		for _, use := range b.path(root, tree, map[*macroTree]bool{}) {
			frames = append(frames, diag.Frame{Item: b.treeFor(use).info.item(), At: place})
			place, _ = b.locate(use.At)
		}
	}
	return append(frames, diag.Frame{Item: of, At: place})
}

func (b *builder) treeFor(use *filter.Macro) *macroTree { return b.macros[use.Name] }

// path finds the uses of macros by which target is reached from a tree, the
// innermost first.
func (b *builder) path(root filter.Node, target *macroTree, seen map[*macroTree]bool) []*filter.Macro {
	for _, use := range filter.Macros(root) {
		tree := b.macros[use.Name]
		if tree == nil || seen[tree] {
			continue
		}
		seen[tree] = true
		if tree == target {
			return []*filter.Macro{use}
		}
		if inner := b.path(tree.parsed, target, seen); inner != nil {
			return append(inner, use)
		}
	}
	return nil
}

// move adds base to every span of a tree.
func move(n filter.Node, base int) {
	shift := func(at *filter.Span) {
		at.Start += base
		at.End += base
	}
	filter.Walk(n, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.And:
			shift(&n.At)
		case *filter.Or:
			shift(&n.At)
		case *filter.Not:
			shift(&n.At)
		case *filter.Macro:
			shift(&n.At)
		case *filter.Exists:
			shift(&n.At)
		case *filter.Compare:
			shift(&n.At)
			shift(&n.OpAt)
		}
		return true
	})
	filter.Operands(n, func(o filter.Operand) {
		switch o := o.(type) {
		case *filter.Field:
			shift(&o.At)
		case *filter.Transformer:
			shift(&o.At)
		case *filter.TransformerList:
			shift(&o.At)
		case *filter.Value:
			shift(&o.At)
		case *filter.List:
			shift(&o.At)
			for i := range o.Values {
				shift(&o.Values[i].At)
			}
		}
	})
}

// Expand replaces the macros in a condition by their trees, and names those
// that it knew and those that it did not, each once and in order of use.
func Expand(n filter.Node, macros map[string]filter.Node) (expanded filter.Node, known, unknown []string) {
	b := newBuilder(newCollection(nil), Config{}, newProblems())
	for name, parsed := range macros {
		info := &macroInfo{order: order{visibility: allVisible}, name: scalar{text: name}}
		b.macros[name] = &macroTree{info: info, parsed: parsed}
	}
	e := expansion{b: b, visibility: allVisible}
	expanded = e.expand(n)
	for _, m := range filter.Macros(n) {
		if b.macros[m.Name] == nil {
			unknown = append(unknown, m.Name)
		} else {
			known = append(known, m.Name)
		}
	}
	return expanded, known, unknown
}
