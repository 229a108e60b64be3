package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/operator"
)

// test decides a part of a condition.
type test func(*Context) bool

// eval plans a tree's evaluation with the tests of its children.
func (b *binder) eval(t *Tree, children []test) test {
	switch t.Kind {
	case And:
		return allOf(children)
	case Or:
		return anyOf(children)
	case Not:
		child := children[0]
		return func(c *Context) bool { return !child(c) }
	case Leaf:
	}
	b.node = t.Test.Node
	if types := t.Types.True; types != nil && t.Test.decidedByType() {
		return func(c *Context) bool { return types.Has(c.ev.Type) }
	}
	return b.evalLeaf(t.Test)
}

func allOf(tests []test) test {
	if len(tests) == 2 {
		first, second := tests[0], tests[1]
		return func(c *Context) bool { return first(c) && second(c) }
	}
	return func(c *Context) bool {
		for _, t := range tests {
			if !t(c) {
				return false
			}
		}
		return true
	}
}

func anyOf(tests []test) test {
	if len(tests) == 2 {
		first, second := tests[0], tests[1]
		return func(c *Context) bool { return first(c) || second(c) }
	}
	return func(c *Context) bool {
		for _, t := range tests {
			if t(c) {
				return true
			}
		}
		return false
	}
}

func never(*Context) bool { return false }

func (b *binder) evalLeaf(c *Comparison) test {
	left, p := b.plan.ref(c.Left)
	if p != nil {
		b.add(p)
		return never
	}
	switch {
	case c.Op.Unary:
		return exists(left)
	case c.Right != nil:
		return b.evalFields(c, left)
	}
	match, p := matcher(c)
	if p != nil {
		b.add(p)
		return never
	}
	return shapeOf(c)(left, match)
}

func exists(left *Ref) test {
	return func(c *Context) bool {
		v := left.load(c)
		return v.Exists() && (v.Kind() != event.KindList || len(v.List()) > 0)
	}
}

// matcher builds the test of one value with the constants.
func matcher(c *Comparison) (operator.Matcher, *Problem) {
	if c.Modifier == operator.NoModifier {
		return buildMatcher(c, c.Consts)
	}
	matchers := make([]operator.Matcher, len(c.Consts))
	for i := range c.Consts {
		var p *Problem
		if matchers[i], p = buildMatcher(c, c.Consts[i:i+1]); p != nil {
			return nil, p
		}
		if c.Left.bothEnds() {
			matchers[i] = bothEnds(c.Op.Negative, matchers[i])
		}
	}
	return c.Modifier.Join(matchers), nil
}

func buildMatcher(c *Comparison, consts []Constant) (operator.Matcher, *Problem) {
	values := make([]event.Value, len(consts))
	for i := range consts {
		values[i] = consts[i].Value
	}
	match, err := c.Op.Build(c.Left.Type, values)
	if err != nil {
		return nil, problemf(consts[0].At, "%v", err)
	}
	return match, nil
}

// A shape says what a matcher of one value means for what the field yields.
type shape func(left *Ref, match operator.Matcher) test

func shapeOf(c *Comparison) shape {
	switch {
	case c.Left.List && c.Op.EveryItem:
		return everyItem
	case c.Left.List:
		return someItem
	case c.Left.bothEnds() && c.Modifier != operator.NoModifier:
		return wholeValue
	case c.Left.bothEnds() && c.Op.Negative:
		return everyItem
	}
	return someItem
}

// someItem is true where the value, or one of the list, matches.
func someItem(left *Ref, match operator.Matcher) test {
	return func(c *Context) bool {
		v := left.load(c)
		switch v.Kind() {
		case event.Missing:
			return false
		case event.KindList:
			return matchSome(v, match)
		}
		return match(v)
	}
}

// everyItem is true where the value, or every one of the list and at least one, matches.
func everyItem(left *Ref, match operator.Matcher) test {
	return func(c *Context) bool {
		v := left.load(c)
		switch v.Kind() {
		case event.Missing:
			return false
		case event.KindList:
			return matchEvery(v, match)
		}
		return match(v)
	}
}

// wholeValue leaves lists to the matcher.
func wholeValue(left *Ref, match operator.Matcher) test {
	return func(c *Context) bool {
		v := left.load(c)
		return v.Exists() && match(v)
	}
}

// bothEnds makes a matcher of the two ends of a connection out of one for an
// end: a negative operator must hold for both.
func bothEnds(negative bool, match operator.Matcher) operator.Matcher {
	return func(v *event.Value) bool {
		switch {
		case v.Kind() != event.KindList:
			return match(v)
		case negative:
			return matchEvery(v, match)
		}
		return matchSome(v, match)
	}
}

func matchSome(v *event.Value, match operator.Matcher) bool {
	items := v.List()
	for i := range items {
		if items[i].Exists() && match(&items[i]) {
			return true
		}
	}
	return false
}

func matchEvery(v *event.Value, match operator.Matcher) bool {
	items, some := v.List(), false
	for i := range items {
		if !items[i].Exists() {
			continue
		}
		if !match(&items[i]) {
			return false
		}
		some = true
	}
	return some
}
