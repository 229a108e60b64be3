package runtimesecurityreceiver

import "testing"

func TestClockFollowsTheHost(t *testing.T) {
	const second = 1_000_000_000
	actual := uint64(1000 * second)
	c := &clock{bootTime: func() (uint64, error) { return actual, nil }}
	boot := actual
	for _, step := range []struct {
		name      string
		sinceBoot uint64
		set       int64 // how the host's clock is set before
		boot      uint64
	}{
		{name: "first event", sinceBoot: second, boot: 1000 * second},
		{name: "jitter of the reading", sinceBoot: 3 * second, set: 1_000_000, boot: 1000 * second},
		{name: "not looked at yet", sinceBoot: 3*second + 1, set: 10 * second, boot: 1000 * second},
		{name: "set forward", sinceBoot: 5 * second, boot: 1010*second + 1_000_000},
		{name: "set back", sinceBoot: 7 * second, set: -500 * second, boot: 510*second + 1_000_000},
		{name: "forward again, after going back", sinceBoot: 9 * second, set: second, boot: 511*second + 1_000_000},
	} {
		actual = uint64(int64(actual) + step.set)
		boot = c.correct(boot, boot+step.sinceBoot)
		if boot != step.boot {
			t.Errorf("%s: boot %d, want %d", step.name, boot, step.boot)
		}
	}
}
