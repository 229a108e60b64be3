package engine_test

import (
	"slices"
	"testing"

	"github.com/lannersec/lanner/engine"
)

func TestConstants(t *testing.T) {
	h := newHarness(t, engine.Options{},
		rule("one", "evt.type = open and (fd.name in (/b, /a) or not fd.name = /c)"),
		rule("two", "fd.name = /a and proc.name = cat"),
		rule("off", "fd.name = /off")+"  enabled: false\n",
		"- rule: audit\n  desc: d\n  source: k8s_audit\n  condition: ka.verb = get\n  output: o\n  priority: NOTICE\n")
	if got := h.Constants("syscall", "fd.name"); !slices.Equal(got, []string{"/a", "/b", "/c"}) {
		t.Errorf("fd.name: %q", got)
	}
	if got := h.Constants("syscall", "proc.name", "evt.type"); !slices.Equal(got, []string{"cat", "open"}) {
		t.Errorf("two fields: %q", got)
	}
	if got := h.Constants("syscall", "proc.pname"); len(got) != 0 {
		t.Errorf("a field that no rule has: %q", got)
	}
}
