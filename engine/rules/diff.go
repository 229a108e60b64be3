package rules

import (
	"slices"

	"github.com/lannersec/lanner/engine/filter"
)

// Diff names the rules in which two sets differ, in the order of the sets.
type Diff struct {
	Added, Changed, Removed []string
}

// Empty tells whether the sets have the same rules.
func (d Diff) Empty() bool { return len(d.Added)+len(d.Changed)+len(d.Removed) == 0 }

// Compare tells what a set has that another had not. A rule has changed if it
// matches, says or counts otherwise than before: also through a macro, a list or
// an exception.
func Compare(before, after *Set) Diff {
	var d Diff
	old := byName(before)
	for _, rule := range after.Rules {
		was, had := old[rule.Name]
		switch {
		case !had:
			d.Added = append(d.Added, rule.Name)
		case !sameRule(was, rule):
			d.Changed = append(d.Changed, rule.Name)
		}
		delete(old, rule.Name)
	}
	for _, rule := range before.Rules {
		if old[rule.Name] != nil {
			d.Removed = append(d.Removed, rule.Name)
		}
	}
	return d
}

func byName(set *Set) map[string]*Rule {
	rules := make(map[string]*Rule, len(set.Rules))
	for _, rule := range set.Rules {
		rules[rule.Name] = rule
	}
	return rules
}

func sameRule(a, b *Rule) bool {
	return a.Desc == b.Desc && a.Source == b.Source && a.Priority == b.Priority &&
		a.Enabled == b.Enabled && a.OutputText == b.OutputText &&
		a.Capture == b.Capture && a.CaptureDuration == b.CaptureDuration &&
		slices.Equal(a.Tags, b.Tags) && filter.Print(a.Expr) == filter.Print(b.Expr)
}
