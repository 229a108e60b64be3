// Package rules reads rules files: YAML into lists, macros and rules, their
// merging across files, the expansion of lists, macros and exceptions, and the
// compiled Ruleset that events are matched with.
//
// The way of a file through the package:
//
//	yaml.go, node.go    bytes to YAML nodes with places, bounded
//	scalar.go           from a scalar's text back to the bytes in the file
//	keys.go, read*.go   nodes to items; one table says which keys there are
//	collect.go          items merged: define, append, replace, enable
//	text.go             pieces of scalars put together to a condition's text,
//	                    every byte of which knows where it was written
//	lists.go            lists substituted into the text
//	exceptions.go       exceptions appended to the text
//	macros.go           macros substituted into the tree
//	build*.go           trees to compiled conditions and outputs
//	ruleset.go          compiled rules by event type
//	lint.go             what is legal and probably not meant
//	problem.go          the wording of every diagnostic
//
// Every step reports its problems and goes on, so that one run tells everything.
package rules

// File is one rules file: a name for diagnostics, and the content. Files are
// loaded in the order in which they are given.
type File struct {
	Name string
	Data []byte
}
