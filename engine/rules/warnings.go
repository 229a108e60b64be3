package rules

import (
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

func span(start, end int) filter.Span { return filter.Span{Start: start, End: end} }

// manyTypes is the number of event types from which a rule is said to look at
// too many.
const manyTypes = 50

func (b *builder) warnTypes(rule *Rule, r *ruleInfo) {
	if rule.Condition.Types == nil || !r.warnTypes {
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
