package rulesfmt

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// keyOrder is how the keys of items and exceptions stand. A key that is not
// here stands behind those that are, in the author's order.
var keyOrder = []string{
	"required_engine_version", "required_plugin_versions",
	"list", "macro", "rule", "name",
	"desc", "items", "condition", "fields", "comps", "values",
	"exceptions", "output", "priority", "source", "tags",
	"enabled", "warn_evttypes", "skip-if-unknown-filter", "capture", "capture_duration",
	"append", "override",
}

// pair is a key with its value.
type pair struct{ key, value *yaml.Node }

// ordered lists a mapping's pairs in our order.
func ordered(mapping *yaml.Node) []pair {
	var pairs []pair
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		pairs = append(pairs, pair{mapping.Content[i], mapping.Content[i+1]})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return rank(a.key.Value) - rank(b.key.Value) })
	return pairs
}

func rank(key string) int {
	if i := slices.Index(keyOrder, key); i >= 0 {
		return i
	}
	return len(keyOrder)
}
