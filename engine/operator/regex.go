package operator

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// buildRegex compiles the expression so that it must match the whole text. The
// pattern is compiled alone first: "a)(b" must not close our group.
func buildRegex(_ Class, consts []event.Value) (Matcher, error) {
	pattern := consts[0].Str()
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, fmt.Errorf("invalid regular expression: %w", err)
	}
	re, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression: %w", err)
	}
	return func(v *event.Value) bool { return re.MatchString(v.Str()) }, nil
}

// PlainRegex tells whether a regular expression says no more than a simpler and
// cheaper operator could: fixed text, with anchors or .* at its ends.
func PlainRegex(pattern string) bool {
	pattern = strings.TrimPrefix(pattern, "^")
	pattern = strings.TrimSuffix(pattern, "$")
	for _, any := range []string{".*", ".+", ".?"} {
		if rest, ok := strings.CutPrefix(pattern, any); ok {
			pattern = rest
			break
		}
	}
	for _, any := range []string{".*", ".+", ".?"} {
		if rest, ok := strings.CutSuffix(pattern, any); ok {
			pattern = rest
			break
		}
	}
	return regexp.QuoteMeta(pattern) == pattern
}
