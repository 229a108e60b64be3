package operator

import (
	"testing"

	"github.com/lannersec/lanner/engine/event"
)

func TestModifiers(t *testing.T) {
	yes, no := func(*event.Value) bool { return true }, func(*event.Value) bool { return false }
	for _, tc := range []struct {
		matchers         []Matcher
		one, some, every bool
	}{
		{nil, false, false, false},
		{[]Matcher{yes}, true, true, true},
		{[]Matcher{no}, false, false, false},
		{[]Matcher{yes, no}, true, true, false},
		{[]Matcher{yes, yes}, false, true, true},
		{[]Matcher{yes, no, yes}, false, true, false},
	} {
		for name, want := range map[string]bool{"oneof": tc.one, "anyof": tc.some, "allof": tc.every} {
			m, err := LookupModifier(name)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Join(tc.matchers)(&event.Value{}); got != want {
				t.Errorf("%s of %d: %v", name, len(tc.matchers), got)
			}
		}
	}
	if _, err := LookupModifier("noneof"); err == nil {
		t.Error("noneof is known")
	}
}
