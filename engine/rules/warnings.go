package rules

import (
	"strings"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
)

func span(start, end int) filter.Span { return filter.Span{Start: start, End: end} }

// notAvailable is how outputs show a missing value.
const notAvailable = "<NA>"

// conditionWarnings reports what is legal in a condition but misleads.
func (w where) conditionWarnings(n filter.Node) {
	for _, finding := range ConditionWarnings(n) {
		switch finding.Code {
		case diag.UnsafeNACheck:
			w.b.report(w.place(finding.At, warnUnsafeNA(diag.Range{}, w.of)))
		default:
			w.b.report(w.place(finding.At, warnDeprecatedField(diag.Range{}, w.of, finding.Field)))
		}
	}
}

// Finding is something in a condition that misleads: LOAD_UNSAFE_NA_CHECK or
// LOAD_DEPRECATED_ITEM.
type Finding struct {
	Code  diag.Code
	Field string
	At    filter.Span
}

// deprecatedFields still load.
var deprecatedFields = []string{"evt.dir"}

// ConditionWarnings finds comparisons that mislead whatever the event source:
// with <NA>, on fields whose missing values never read so, and on fields that
// are on their way out.
func ConditionWarnings(n filter.Node) []Finding {
	var found []Finding
	filter.Walk(n, func(n filter.Node) bool {
		c, ok := n.(*filter.Compare)
		if !ok {
			return true
		}
		for _, f := range fieldsOf(c) {
			switch {
			case isDeprecated(f.Name):
				found = append(found, Finding{diag.DeprecatedItem, f.Name, f.At})
			case unsafeNA(f.Name) && comparesNA(c.Right):
				found = append(found, Finding{diag.UnsafeNACheck, f.Name, c.At})
			}
		}
		return true
	})
	return found
}

func fieldsOf(c *filter.Compare) []*filter.Field {
	var out []*filter.Field
	filter.Operands(c, func(o filter.Operand) {
		if f, ok := o.(*filter.Field); ok {
			out = append(out, f)
		}
	})
	return out
}

func isDeprecated(name string) bool {
	for _, d := range deprecatedFields {
		if name == d {
			return true
		}
	}
	return false
}

// unsafeNA: only fields of JSON events once yielded <NA> as a value.
func unsafeNA(name string) bool {
	return strings.HasPrefix(name, "ka.") || strings.HasPrefix(name, "jevt.")
}

func comparesNA(right filter.Operand) bool {
	switch o := right.(type) {
	case *filter.Value:
		return o.Text == notAvailable
	case *filter.List:
		for _, v := range o.Values {
			if v.Text == notAvailable {
				return true
			}
		}
	}
	return false
}

// manyTypes is the number of event types from which a rule is said to look at
// too many.
const manyTypes = 50

func (b *builder) warnTypes(rule *Rule, r *ruleInfo) {
	if rule.Condition == nil || rule.Condition.Types == nil || !r.warnTypes {
		return
	}
	n := b.c.sources[r.source].Types().Len()
	if countTypes(rule.Condition.Types, n) > min(manyTypes, n/2) {
		b.report(warnTooManyTypes(r.name.all(), r.item()))
	}
}

// warnUnused reports macros and lists that nothing uses.
func (b *builder) warnUnused() {
	maybe := words(b.failedTexts)
	for _, m := range b.c.macros.all {
		if !m.used && !maybe[m.name.text] {
			b.report(warnUnusedMacro(m.name.all(), m.item()))
		}
	}
	for _, l := range b.c.lists.all {
		if !l.used && !maybe[l.name.text] {
			b.report(warnUnusedList(l.name.all(), l.item()))
		}
	}
}

// words is the set of words in texts.
func words(texts []string) map[string]bool {
	set := map[string]bool{}
	for _, t := range texts {
		for _, w := range strings.FieldsFunc(t, func(r rune) bool { return r < 0x80 && isDelimiter(byte(r)) }) {
			set[w] = true
		}
	}
	return set
}
