package compile

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Context is one goroutine's evaluation state: the event at hand and the values
// already read from it.
type Context struct {
	ev         *event.Event
	generation uint64
	memo       []memo
	results    []uint64 // of shared parts: generation, and in the last bit the truth
}

// memo is a slot; it is empty unless it has the Context's generation, so that
// nothing is cleared between events.
type memo struct {
	generation uint64
	value      event.Value
}

// Begin turns to the next event. Values taken before are no longer valid.
func (c *Context) Begin(ev *event.Event) {
	c.ev = ev
	c.generation++
}

// Event is the event at hand.
func (c *Context) Event() *event.Event { return c.ev }

// Ref reads one value: a field with its argument, under transformers.
type Ref struct {
	Expr *Expr
	slot int
	// read is a field's getter; derive computes what is no field. One is set.
	read   field.Getter
	derive func(c *Context) event.Value
}

// Name is the canonical text of what is read: tolower(fd.name).
func (r *Ref) Name() string { return r.Expr.Text }

// Get reads the value for the Context's event. It is valid until the next Begin.
func (r *Ref) Get(c *Context) event.Value { return *r.load(c) }

// load is Get without the copy. It is just small enough to be inlined.
func (r *Ref) load(c *Context) *event.Value {
	m := &c.memo[r.slot]
	if m.generation != c.generation {
		r.fill(c)
	}
	return &m.value
}

// fill marks the slot last: where a getter panics, the slot must not go on
// holding the value of an event that is over.
func (r *Ref) fill(c *Context) {
	m := &c.memo[r.slot]
	if r.read != nil {
		m.value = r.read(c.ev)
	} else {
		m.value = r.derive(c)
	}
	m.generation = c.generation
}
