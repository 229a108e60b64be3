package rules

import "github.com/lannersec/lanner/engine/diag"

// joined is a text that may have been appended to: scalars with a blank between.
type joined []scalar

func (j joined) text() string {
	switch len(j) {
	case 0:
		return ""
	case 1:
		return j[0].text
	}
	n := len(j)
	for _, s := range j {
		n += len(s.text)
	}
	b := make([]byte, 0, n)
	for i, s := range j {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, s.text...)
	}
	return string(b)
}

// order is where an item stands among all items. An item that is redefined or
// appended to keeps its place but is visible only to what stands after the
// change: both are needed to refuse macros that refer to later ones.
type order struct {
	index      int // of the first definition
	visibility int // of the last change
}

// listInfo is a list as merged.
type listInfo struct {
	order
	name  scalar
	items []scalar
	used  bool
}

// macroInfo is a macro as merged.
type macroInfo struct {
	order
	name   scalar
	cond   joined
	used   bool
	broken bool // reported already; what uses it is not reported again
}

// ruleInfo is a rule as merged.
type ruleInfo struct {
	order
	name            scalar
	desc            joined
	output          joined
	cond            joined
	source          string
	priority        Priority
	tags            []string
	exceptions      []exceptionInfo
	enabled         bool
	warnTypes       bool
	skipUnknown     bool
	capture         bool
	captureDuration int // milliseconds
	unknownSource   bool
}

// exceptionInfo is one exception of a rule.
type exceptionInfo struct {
	name   scalar
	fields entry
	comps  entry
	values []entry
}

// entry is a text, or a list of entries.
type entry struct {
	set  bool // false: the key is not there
	list bool
	item scalar
	many []entry
	at   node
}

func (l *listInfo) item() diag.Item      { return diag.Item{Kind: "list", Name: l.name.text} }
func (m *macroInfo) item() diag.Item     { return diag.Item{Kind: "macro", Name: m.name.text} }
func (r *ruleInfo) item() diag.Item      { return diag.Item{Kind: "rule", Name: r.name.text} }
func (e *exceptionInfo) item() diag.Item { return diag.Item{Kind: "exception", Name: e.name.text} }

// rng is the place of a name.
func (s scalar) all() diag.Range { return s.rng(0, len(s.text)) }
