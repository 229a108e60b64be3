package event

import (
	"fmt"
	"iter"
	"math/bits"
	"slices"
)

// Types is the table of a source's event type names. It is immutable.
type Types struct {
	names []string
	ids   map[string]TypeID
}

// NewTypes makes the table; a name's position is its TypeID. It panics on a
// name that stands twice: tables are written by us, not by users.
func NewTypes(names ...string) *Types {
	t := &Types{names: names, ids: make(map[string]TypeID, len(names))}
	for i, name := range names {
		if _, twice := t.ids[name]; twice {
			panic(fmt.Sprintf("event: type %q stands twice", name))
		}
		t.ids[name] = TypeID(i)
	}
	return t
}

// Len is the number of types; all TypeIDs are below it.
func (t *Types) Len() int { return len(t.names) }

// Name is the type's name, as evt.type shows it.
func (t *Types) Name(id TypeID) string {
	if int(id) >= len(t.names) {
		return ""
	}
	return t.names[id]
}

// Lookup finds a type by name.
func (t *Types) Lookup(name string) (TypeID, bool) {
	id, ok := t.ids[name]
	return id, ok
}

// TypeSet is a set of event types: bit i is TypeID i. Sets of one source have
// the same length.
type TypeSet []uint64

// NewTypeSet is the empty set for n types.
func NewTypeSet(n int) TypeSet { return make(TypeSet, (n+63)/64) }

// AllTypes is the full set of n types.
func AllTypes(n int) TypeSet {
	s := NewTypeSet(n)
	for i := range n {
		s.Add(TypeID(i))
	}
	return s
}

// Add puts id in the set.
func (s TypeSet) Add(id TypeID) { s[id/64] |= 1 << (id % 64) }

// Has tells whether id is in the set.
func (s TypeSet) Has(id TypeID) bool {
	return int(id/64) < len(s) && s[id/64]&(1<<(id%64)) != 0
}

// Clone is a copy that may be changed.
func (s TypeSet) Clone() TypeSet { return slices.Clone(s) }

// Union adds the types of other.
func (s TypeSet) Union(other TypeSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

// Intersect leaves the types that other has too.
func (s TypeSet) Intersect(other TypeSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

// Remove takes the types of other out.
func (s TypeSet) Remove(other TypeSet) {
	for i := range s {
		s[i] &^= other[i]
	}
}

// Equal tells whether both sets have the same types.
func (s TypeSet) Equal(other TypeSet) bool { return slices.Equal(s, other) }

// Count is how many types the set has.
func (s TypeSet) Count() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// All goes through the names in order of their ids.
func (t *Types) All() iter.Seq[string] { return slices.Values(t.names) }

// Names lists the types of the set in order of their ids.
func (t *Types) Names(s TypeSet) []string {
	var names []string
	for i, name := range t.names {
		if s.Has(TypeID(i)) {
			names = append(names, name)
		}
	}
	return names
}
