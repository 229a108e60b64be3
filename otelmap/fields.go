package otelmap

import (
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/field"
)

// Fields are the fields that the mapping reads, as far as the source has them.
// The engine is to capture them with every detection.
func Fields(src field.Source) []string {
	var names []string
	for _, name := range wanted() {
		if defined(src.Fields(), name) {
			names = append(names, name)
		}
	}
	return names
}

// wanted are all fields of the tables, each once.
func wanted() []string {
	var names []string
	for _, row := range slices.Concat(attributes, logAttributes) {
		names = append(names, row.field)
	}
	names = append(names, context...)
	slices.Sort(names)
	return slices.Compact(names)
}

// defined tells whether the registry has the field that name names, without
// the argument that stands in brackets.
func defined(r *field.Registry, name string) bool {
	base, _, _ := strings.Cut(name, "[")
	_, ok := r.Lookup(base)
	return ok
}
