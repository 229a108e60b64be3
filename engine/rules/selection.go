package rules

import (
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/operator"
)

// Match is how a Choice finds rules.
type Match uint8

// The ways to find rules.
const (
	ByWildcard  Match = iota // the name, where * stands for any text
	ByName                   // the whole name; an empty pattern finds all rules
	BySubstring              // a part of the name
	ByTag                    // one of the tags
)

// Choice switches the rules that it finds on or off.
type Choice struct {
	Enable  bool
	Match   Match
	Pattern string
}

// Selection is choices in their order: the last one that finds a rule decides.
type Selection []Choice

// Enabled is whether a rule is on after all choices.
func (s Selection) Enabled(name string, tags []string, enabled bool) bool {
	for _, c := range s {
		if c.Finds(name, tags) {
			enabled = c.Enable
		}
	}
	return enabled
}

// Finds tells whether the choice is about a rule.
func (c Choice) Finds(name string, tags []string) bool {
	switch c.Match {
	case ByName:
		return c.Pattern == "" || c.Pattern == name
	case BySubstring:
		return strings.Contains(name, c.Pattern)
	case ByTag:
		return slices.Contains(tags, c.Pattern)
	case ByWildcard:
	}
	return operator.Wildcard(c.Pattern, name)
}
