// Package conformance compares Lanner with a corpus of cases: inputs and the
// outcomes that the reference implementation asserts for them. A corpus is a
// directory of JSON-lines files; its layout is that of the kinds' files in
// kinds.go. Nothing of a corpus is in this repository but the ids of the cases
// that fail or are excluded.
package conformance
