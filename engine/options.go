// Package engine matches events with rules. Its parts do the work: rules reads
// and compiles them, compile evaluates conditions, output renders texts; this
// package holds the running set, swaps it, and makes detections.
//
// An Engine serves any number of sources. Each goroutine that reads events has
// an Evaluator of its own; a reload never stops or misses an event.
package engine

import "github.com/lannersec/lanner/engine/rules"

// Matching decides how many rules an event can match.
type Matching uint8

// The ways of matching.
const (
	First Matching = iota // the first rule that matches ends the evaluation
	All                   // every rule that matches makes a detection
)

// Options are an engine's options.
type Options struct {
	// Config is what rules are loaded with: sources, selection, minimum
	// priority, additions to outputs, fields that every detection carries.
	rules.Config
	Matching Matching
}
