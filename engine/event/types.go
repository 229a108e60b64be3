package event

import "fmt"

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
