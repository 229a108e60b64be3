package conformance

import (
	"fmt"

	"github.com/lannersec/lanner/engine/operator"
)

// runFunction runs matches_wildcard.
func runFunction(_ *Corpus, c Case) error {
	var want struct {
		Function string
		Args     []string
		Expect   bool
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	if want.Function != "matches_wildcard" || len(want.Args) != 2 {
		return fmt.Errorf("unknown function %s", want.Function)
	}
	return compare(want.Args, want.Expect, operator.Wildcard(want.Args[0], want.Args[1]))
}

// takesFunction leaves out what has no counterpart here: parsing of a metrics
// interval and of a gRPC socket's name, which the Collector's configuration
// does its own way, and the spelling of rule names in metric names, which
// carry the rule as an attribute instead.
func takesFunction(c Case) bool {
	var named struct{ Function string }
	return c.Decode(&named) == nil && named.Function == "matches_wildcard"
}
