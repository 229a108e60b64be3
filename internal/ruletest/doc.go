// Package ruletest runs script tests of rules: small text files that load
// rules, describe processes and events, and say what must fire.
//
// The language is documented in docs/testing-rules.md. A script's events become
// records in the capture format and go through the same decoding, state, fields
// and evaluation as live events, so that a script proves what production does.
//
// The package is used by go test (Run) and by `lanner test` (File).
package ruletest
