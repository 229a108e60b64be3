// Package compile turns a condition's syntax tree into a function over events:
// it finds the fields, checks the types, parses the constants, computes the set
// of event types that can match, and plans the evaluation with one memo slot
// for every distinct value that any condition of the plan reads.
//
// What it resolved stays available as data, the Tree, from which tools explain
// a condition and the kernel's share of the filtering is derived.
package compile
