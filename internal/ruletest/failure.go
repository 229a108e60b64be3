package ruletest

import (
	"fmt"
	"slices"
)

// Failure is one thing that is not as the script says, or a mistake in the
// script itself.
type Failure struct {
	File    string
	Line    int // from 1
	Message string
}

// Error is the failure as file:line: message.
func (f Failure) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message) }

// settle takes the failures that the script's markers ask for out of the list,
// and adds one for each marker that asked in vain.
func settle(s *Script, failures []Failure) []Failure {
	wanted := make([]bool, len(failures))
	for _, m := range s.Markers {
		met := false
		for i, f := range failures {
			if f.Line == m.Line && m.Pattern.MatchString(f.Message) {
				wanted[i], met = true, true
			}
		}
		if !met {
			failures = append(failures, failureOfMarker(s, m))
			wanted = append(wanted, false)
		}
	}
	var left []Failure
	for i, f := range failures {
		if !wanted[i] {
			left = append(left, f)
		}
	}
	slices.SortStableFunc(left, func(a, b Failure) int { return a.Line - b.Line })
	return left
}

func failureOfMarker(s *Script, m Marker) Failure {
	return Failure{s.Name, m.Line, fmt.Sprintf("no error matches %q here", m.Pattern)}
}
