package rules

import (
	"iter"
	"slices"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
)

// The operators of an exception that names one field without a list.
var singleComps = []string{"in", "pmatch", "intersects"}

// compKind is what an exception's operator compares with.
type compKind uint8

const (
	compNone compKind = iota // no operator at all
	compOne                  // one value
	compMany                 // a list
)

// compOf asks the grammar what a comps entry is: "in" and "startswith oneof"
// take a list, "=" takes one value, anything else is no operator.
func compOf(comp string) compKind {
	for _, try := range []struct {
		right string
		kind  compKind
	}{{"(1)", compMany}, {"1", compOne}} {
		n, err := filter.Parse("a.b " + comp + " " + try.right)
		if c, ok := n.(*filter.Compare); err == nil && ok && (comp == c.Op || comp == c.Op+" "+c.Modifier) {
			return try.kind
		}
	}
	return compNone
}

// operators lists what comps can be, for suggestions.
func operators() iter.Seq[string] { return slices.Values(filter.Operators()) }

// checkException completes an exception that stands in a rule and checks its
// fields and operators. src is the rule's source, if it is known.
func (f *fields) checkException(ex *exceptionInfo, src field.Source, known bool) {
	if ex.fields.list {
		f.checkComps(ex)
	} else {
		f.checkSingle(ex)
	}
	if !known {
		return
	}
	for _, e := range ex.fieldEntries() {
		if !knownField(src, e.item.text) {
			f.fail(errExceptionField(e.at.rng(), ex.item(), e.item.text, slices.Values(src.Fields().Names())))
		}
	}
}

func (f *fields) checkComps(ex *exceptionInfo) {
	if !ex.comps.set {
		return // all are "="
	}
	if len(ex.fields.many) != len(ex.comps.many) {
		f.fail(errExceptionCompsLen(ex.comps.at.rng(), ex.item()))
		return
	}
	for _, c := range ex.comps.many {
		if compOf(c.item.text) == compNone {
			f.fail(errExceptionComp(c.at.rng(), ex.item(), c.item.text, operators()))
		}
	}
}

func (f *fields) checkSingle(ex *exceptionInfo) {
	switch {
	case !ex.comps.set: // it is "in"
	case ex.comps.list:
		f.fail(errExceptionBothText(ex.comps.at.rng(), ex.item()))
	case !slices.Contains(singleComps, ex.comps.item.text):
		f.fail(errExceptionSingleComp(ex.comps.at.rng(), ex.item()))
	}
}

func (ex *exceptionInfo) fieldEntries() []entry {
	if ex.fields.list {
		return ex.fields.many
	}
	return []entry{ex.fields}
}

// comp writes the operator for field k of a list and says what it compares with.
func (ex *exceptionInfo) comp(out *text, k int) compKind {
	if !ex.comps.set {
		out.glue(" = ", ex.fields.many[k].item)
		return compOne
	}
	comp := ex.comps.many[k].item
	out.glue(" ", comp)
	out.add(comp)
	out.glue(" ", comp)
	return compOf(comp.text)
}

// knownField tells whether text names a field of the source, or is a
// transformer over such fields.
func knownField(src field.Source, text string) bool {
	operand, end, err := filter.ParseOperand(text)
	if err != nil || end < len(text) {
		return false
	}
	known := true
	filter.Operands(&filter.Exists{Left: operand}, func(o filter.Operand) {
		if f, ok := o.(*filter.Field); ok {
			def, _, _ := src.Fields().Resolve(f.Name)
			known = known && def != nil
		}
	})
	return known
}

// except appends a rule's exceptions to its condition:
// (condition) and not ((a = 1 and b = 2) or (…)). It writes into out, and
// returns t itself where there are none.
func (b *builder) except(t, out *text, r *ruleInfo) (*text, bool) {
	if len(r.exceptions) == 0 {
		return t, true
	}
	b.of = r.item()
	out.glue("(", r.cond[0])
	out.copy(t, 0, len(t.b))
	out.glue(")", r.cond[0])
	ok := true
	for i := range r.exceptions {
		ex := &r.exceptions[i]
		if len(ex.values) == 0 {
			continue
		}
		out.glue(" and not (", ex.name)
		if ex.fields.list {
			ok = b.tuples(out, ex) && ok
		} else {
			ok = b.values(out, ex) && ok
		}
		out.glue(")", ex.name)
	}
	return out, ok
}

// values writes an exception of one field: field in (a, b).
func (b *builder) values(out *text, ex *exceptionInfo) bool {
	out.add(ex.fields.item)
	if ex.comps.set {
		out.glue(" ", ex.comps.item)
		out.add(ex.comps.item)
		out.glue(" (", ex.comps.item)
	} else {
		out.glue(" in (", ex.fields.item)
	}
	for i, v := range ex.values {
		if v.list {
			b.report(ofRule(errExceptionListValue(v.at.rng(), ex.item()), b.of))
			return false
		}
		if i > 0 {
			out.glue(", ", v.item)
		}
		out.value(v.item)
	}
	out.glue(")", ex.name)
	return true
}

// tuples writes an exception of several fields: (f = a and g = b) or (…).
func (b *builder) tuples(out *text, ex *exceptionInfo) bool {
	for i, v := range ex.values {
		if !v.list || len(v.many) != len(ex.fields.many) {
			b.report(ofRule(errExceptionValuesLen(v.at.rng(), ex.item(), len(ex.fields.many), len(v.many)), b.of))
			return false
		}
		if i > 0 {
			out.glue(" or ", ex.name)
		}
		out.glue("(", ex.name)
		for k, f := range ex.fields.many {
			if k > 0 {
				out.glue(" and ", ex.name)
			}
			out.add(f.item)
			if !b.right(out, ex, ex.comp(out, k), v.many[k]) {
				return false
			}
		}
		out.glue(")", ex.name)
	}
	return true
}

// right writes the right-hand side of one comparison of an exception.
func (b *builder) right(out *text, ex *exceptionInfo, comp compKind, v entry) bool {
	switch {
	case v.list:
		out.glue("(", ex.name)
		for i, item := range v.many {
			if item.list {
				b.report(ofRule(errExceptionListValue(item.at.rng(), ex.item()), b.of))
				return false
			}
			if i > 0 {
				out.glue(", ", item.item)
			}
			out.value(item.item)
		}
		out.glue(")", ex.name)
	case comp == compMany && v.item.text[0] != '(':
		out.glue("(", v.item)
		out.add(v.item)
		out.glue(")", v.item)
	case comp == compMany:
		out.add(v.item)
	default:
		out.value(v.item)
	}
	return true
}
