package securityrulesprocessor

import (
	"testing"

	"go.opentelemetry.io/collector/consumer/consumertest"
)

// TestEventsWithoutMatchCostNoAllocation: what a batch allocates does not grow
// with its events, in whichever form these come.
func TestEventsWithoutMatchCostNoAllocation(t *testing.T) {
	const events, allowed = 400, 40
	quiet := sample(t)[4]
	for name, body := range map[string]any{"text": quiet, "bytes": []byte(quiet), "map": parsed(t, quiet)} {
		t.Run(name, func(t *testing.T) {
			bodies := make([]any, events)
			for i := range bodies {
				bodies[i] = body
			}
			logs := records(bodies...)
			p := start(t, withRules(), consumertest.NewNop())
			n := testing.AllocsPerRun(20, func() {
				if err := p.ConsumeLogs(t.Context(), logs); err != nil {
					t.Fatal(err)
				}
			})
			if n > allowed {
				t.Errorf("%v allocations for %d events", n, events)
			}
		})
	}
}
