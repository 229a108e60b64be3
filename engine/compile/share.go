package compile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

// part is a piece of a condition that others may hold too: macros make many of
// them. Its first use is a plain test; those after it share one that remembers
// its result for the event.
type part struct {
	id     int
	cost   Cost
	test   test
	shared test
}

// costRemember is from which cost remembering a result is cheaper than another
// evaluation.
const costRemember Cost = 2

// maxKey is how many constants a comparison may have to be found by its text.
const maxKey = 64

// part finds a tree among the plan's parts, or plans its evaluation.
func (b *binder) part(t *Tree) (p *part, again bool) {
	children := make([]*part, len(t.Children))
	tests := make([]test, len(t.Children))
	for i, child := range t.Children {
		var seen bool
		children[i], seen = b.part(child)
		tests[i] = b.plan.use(children[i], seen)
	}
	key := keyOf(t, children)
	if p := b.plan.parts[key]; p != nil {
		return p, true
	}
	p = &part{id: len(b.plan.parts), cost: t.Cost, test: b.eval(t, tests)}
	if !b.failed {
		b.plan.parts[key] = p
	}
	return p, false
}

// use is the test for one more use of a part.
func (p *Plan) use(of *part, again bool) test {
	if !again || of.cost < costRemember {
		return of.test
	}
	if of.shared == nil {
		of.shared = remember(p.results, of.test)
		p.results++
	}
	return of.shared
}

// remember asks t once for an event.
func remember(slot int, t test) test {
	return func(c *Context) bool {
		r := &c.results[slot]
		if *r>>1 == c.generation {
			return *r&1 != 0
		}
		result := t(c)
		*r = c.generation << 1
		if result {
			*r |= 1
		}
		return result
	}
}

// partKey is the same for trees that always decide alike.
type partKey struct {
	text string
	// node stands for the constants of a long list: the rules that share a macro
	// share its nodes. It is kept here so that no other can take its address.
	node filter.Node
}

func keyOf(t *Tree, children []*part) partKey {
	if t.Kind == Leaf {
		return leafKey(t.Test)
	}
	var b strings.Builder
	b.WriteByte("?&|!"[t.Kind])
	for _, child := range children {
		b.WriteString(strconv.Itoa(child.id))
		b.WriteByte(' ')
	}
	return partKey{text: b.String()}
}

// leafKey spells a comparison out, but for a long list.
func leafKey(c *Comparison) partKey {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %d ", slotKey(c.Left), c.Op.Name, c.Modifier)
	if c.Right != nil {
		b.WriteString(slotKey(c.Right))
	}
	if len(c.Consts) > maxKey {
		return partKey{text: b.String(), node: c.Node}
	}
	for _, constant := range c.Consts {
		b.WriteString(strconv.Quote(constant.Text))
	}
	return partKey{text: b.String()}
}
