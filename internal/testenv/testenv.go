// Package testenv decides whether a test that needs something of its machine
// runs, is skipped, or fails.
package testenv

import (
	"os"
	"testing"
)

// Require lets a test go on where has is true. Elsewhere it skips with the
// reason, except in CI (CI=true), whose machine is known to have everything
// that tests ask for here: there a skip would hide a failure.
func Require(t testing.TB, has bool, reason string) {
	t.Helper()
	if has {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("the CI machine must not lack this: %s", reason)
	}
	t.Skip(reason)
}

// Root requires that the test runs as root.
func Root(t testing.TB) {
	t.Helper()
	Require(t, os.Geteuid() == 0, "needs root")
}
