// Package predicate derives from conditions what can be decided about an event
// before it is collected. A Predicate may say maybe where no rule matches, but
// never no where one does: whatever it does not understand counts as maybe,
// negated or not. Predicates are data; the capture side turns them into tables
// for the kernel.
package predicate
