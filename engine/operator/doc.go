// Package operator holds the comparison operators and the transformers of the
// rule language, one table row each, and what their constants become at load:
// sets, patterns, path trees, networks. Nothing here knows fields by name or
// evaluates a whole condition; that is package compile.
package operator
