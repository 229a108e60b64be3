package predicate

import (
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
)

// maxClauses bounds the clauses of a condition while it is derived, and of a
// Predicate: the capture side has a bit for each.
const maxClauses = 64

// Clauses are the situations in which a condition can be true for an event of
// the given type; none if it cannot.
func Clauses(tree *compile.Tree, id event.TypeID, known Vocabulary) []Clause {
	d := deriver{id: id, known: known}
	return d.derive(tree, true)
}

// deriver derives for one event type.
type deriver struct {
	id    event.TypeID
	known Vocabulary
}

// derive is the situations in which the tree can have a result.
func (d *deriver) derive(t *compile.Tree, result bool) []Clause {
	if !d.possible(t, result) {
		return nil
	}
	switch {
	case t.Kind == compile.Leaf:
		return d.leaf(t.Test, result)
	case t.Kind == compile.Not:
		return d.derive(t.Children[0], !result)
	case (t.Kind == compile.And) == result:
		return d.all(t.Children, result)
	}
	return d.some(t.Children, result)
}

// possible knows what the event's type decides.
func (d *deriver) possible(t *compile.Tree, result bool) bool {
	types := t.Types.False
	if result {
		types = t.Types.True
	}
	return types == nil || types.Has(d.id)
}

func (d *deriver) all(children []*compile.Tree, result bool) []Clause {
	clauses := []Clause{everything()}
	for _, child := range children {
		clauses = product(clauses, d.derive(child, result))
	}
	return clauses
}

func (d *deriver) some(children []*compile.Tree, result bool) []Clause {
	var clauses []Clause
	for _, child := range children {
		clauses = reduce(append(clauses, d.derive(child, result)...))
	}
	return clauses
}

// product is the situations that fit one of each.
func product(a, b []Clause) []Clause {
	var clauses []Clause
	for i := range a {
		for j := range b {
			if c, some := a[i].and(&b[j]); some {
				clauses = append(clauses, c)
			}
		}
	}
	return reduce(clauses)
}

func (d *deriver) leaf(c *compile.Comparison, result bool) []Clause {
	clause := everything()
	s := d.subject(c)
	switch {
	case s == nil:
	case s.Values == nil:
		if result {
			clause.Texts[s.Text] = textAtoms(c, s.Form)
		}
	default:
		allowed := Values(1 << Unknown)
		for v := range Unknown {
			if v >= len(s.Values) || s.Values[v].canBe(c, result) {
				allowed |= 1 << v
			}
		}
		clause.Allow[s.Feature] = allowed
	}
	return []Clause{clause}
}

// subject is what is known of the field that the comparison is about.
func (d *deriver) subject(c *compile.Comparison) *Subject {
	if c.Left.Field == nil || c.Left.HasArg {
		return nil
	}
	s := d.known(c.Left.Field.Name)
	if s == nil || !s.Types.Has(d.id) {
		return nil
	}
	return s
}

// reduce drops clauses that others hold, and joins those that can be joined
// without letting more through, or must because there are too many.
func reduce(clauses []Clause) []Clause {
	clauses = joinAlike(clauses, func(a, b *Clause) bool {
		return a.Allow == b.Allow && a.texts() == b.texts() && oneText(a.texts())
	})
	clauses = dropHeld(clauses)
	if len(clauses) > maxClauses {
		clauses = joinAlike(clauses, func(a, b *Clause) bool { return a.texts() == b.texts() })
	}
	return clauses
}

func oneText(set uint8) bool { return set&(set-1) == 0 }

// joinAlike joins each clause with the first one that it is like.
func joinAlike(clauses []Clause, alike func(a, b *Clause) bool) []Clause {
	var joined []Clause
	for i := range clauses {
		at := slices.IndexFunc(joined, func(c Clause) bool { return alike(&c, &clauses[i]) })
		if at < 0 {
			joined = append(joined, clauses[i])
			continue
		}
		joined[at].or(&clauses[i])
	}
	return joined
}

func dropHeld(clauses []Clause) []Clause {
	var kept []Clause
	for i := range clauses {
		held := false
		for j := range clauses {
			// of two that hold each other the first stays
			if i != j && clauses[j].holds(&clauses[i]) && (j < i || !clauses[i].holds(&clauses[j])) {
				held = true
				break
			}
		}
		if !held {
			kept = append(kept, clauses[i])
		}
	}
	return kept
}
