package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/lannersec/lanner/engine/operator"
	"github.com/lannersec/lanner/internal/migrate"
)

// runFunction runs matches_wildcard and parse_prometheus_interval.
func runFunction(_ *Corpus, c Case) error {
	var want struct {
		Function string
		Args     []string
		Expect   json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	switch {
	case want.Function == "matches_wildcard" && len(want.Args) == 2:
		return compare(want.Args, want.Expect, operator.Wildcard(want.Args[0], want.Args[1]))
	case want.Function == "parse_prometheus_interval" && len(want.Args) == 1:
		interval, err := migrate.ParseInterval(want.Args[0])
		if err != nil {
			interval = 0 // what the cases have for an error
		}
		return compare(want.Args, want.Expect, interval.Milliseconds())
	}
	return fmt.Errorf("unknown function %s", want.Function)
}
