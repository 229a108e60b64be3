// Package event holds what the engine knows of an event, whatever its source:
// a time, a number, a type, and a payload that only the source's own fields
// understand; and the tagged Value that those fields yield.
package event

// TypeID names an event type within its source: an index into the source's
// Types. Several kernel encodings of one call (openat, its older forms, its
// 32-bit and io_uring forms) share a TypeID, because rules know names only.
type TypeID uint16

// Event is one event on its way through the engine.
//
// A source reuses one Event (and its payload) for all events it reads: neither
// it nor any Value taken from it may be kept beyond the call that received it.
type Event struct {
	// Time is when it happened, in nanoseconds since the Unix epoch.
	Time uint64
	// Num counts the source's events from 1 (evt.num).
	Num uint64
	// Type indexes the Types of the event's source.
	Type TypeID
	// Payload is the source's own form of the event: a pointer, so that the
	// type assertion in a field is a compare.
	Payload any
	// Scratch is where fields build derived text and lists without allocating.
	// Whoever makes the event resets it.
	Scratch Scratch
}
