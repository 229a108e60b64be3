package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/operator"
)

// evalFields plans a comparison of two values of the event.
func (b *binder) evalFields(c *Comparison, left *Ref) test {
	right, p := b.plan.ref(c.Right)
	if p != nil {
		b.add(p)
		return never
	}
	compare := c.Op.Comparer(c.Left.Type)
	if !c.Left.List {
		return func(ctx *Context) bool {
			l, r := left.load(ctx), right.load(ctx)
			return l.Exists() && r.Exists() && compareValues(l, r, compare)
		}
	}
	within := someWithin
	if c.Op.EveryItem {
		within = everyWithin
	}
	return func(ctx *Context) bool {
		l, r := left.load(ctx), right.load(ctx)
		return l.Exists() && r.Exists() && within(l.List(), r.List(), compare)
	}
}

// compareValues compares single values; where a side has several (ancestors),
// any pair will do.
func compareValues(l, r *event.Value, compare operator.Comparer) bool {
	switch {
	case l.Kind() == event.KindList:
		items := l.List()
		for i := range items {
			if compareValues(&items[i], r, compare) {
				return true
			}
		}
		return false
	case r.Kind() == event.KindList:
		return within(l, r.List(), compare)
	}
	return compare(l, r)
}

func someWithin(left, right []event.Value, compare operator.Comparer) bool {
	for i := range left {
		if within(&left[i], right, compare) {
			return true
		}
	}
	return false
}

func everyWithin(left, right []event.Value, compare operator.Comparer) bool {
	for i := range left {
		if !within(&left[i], right, compare) {
			return false
		}
	}
	return len(left) > 0
}

func within(v *event.Value, set []event.Value, compare operator.Comparer) bool {
	for i := range set {
		if compare(v, &set[i]) {
			return true
		}
	}
	return false
}
