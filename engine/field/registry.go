package field

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// Source is what the engine knows of an event source.
type Source interface {
	// Name is the source's name as rules write it: syscall, k8s_audit, …
	Name() string
	// Fields are all fields that the source's rules may use.
	Fields() *Registry
	// Types are its event types; nil where all events are of one type and
	// rules have none to name.
	Types() *event.Types
}

// Registry finds definitions by name. It is immutable.
type Registry struct {
	byName map[string]*Definition
	names  []string // in table order
}

// NewRegistry joins tables. It panics on a name that stands twice.
func NewRegistry(tables ...[]Definition) *Registry {
	r := &Registry{byName: map[string]*Definition{}}
	for _, table := range tables {
		for i := range table {
			def := &table[i]
			if _, twice := r.byName[def.Name]; twice {
				panic(fmt.Sprintf("field: %q stands twice", def.Name))
			}
			r.byName[def.Name] = def
			r.names = append(r.names, def.Name)
		}
	}
	return r
}

// Names lists all fields in table order. The caller must not change it.
func (r *Registry) Names() []string { return r.names }

// Lookup finds a field by its exact name.
func (r *Registry) Lookup(name string) (*Definition, bool) {
	def, ok := r.byName[name]
	return def, ok
}

// Resolve finds the field that text names, where an argument may follow the
// name after a dot: evt.arg.flags is evt.arg with the argument flags. The
// longest name wins.
func (r *Registry) Resolve(text string) (def *Definition, arg string, hasArg bool) {
	if def, ok := r.byName[text]; ok {
		return def, "", false
	}
	for end := strings.LastIndexByte(text, '.'); end > 0; end = strings.LastIndexByte(text[:end], '.') {
		if def, ok := r.byName[text[:end]]; ok && def.Arg != ArgNone {
			return def, text[end+1:], true
		}
	}
	return nil, "", false
}

// Sorted lists all fields by name.
func (r *Registry) Sorted() []string {
	names := slices.Clone(r.names)
	slices.Sort(names)
	return names
}
