package compile

import (
	"strings"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
)

// notAvailable is how outputs print a missing value.
const notAvailable = "<NA>"

// dirField told enter events from exit events when there were both.
const dirField = "evt.dir"

// missingIsMissing are the prefixes of fields whose missing value never reads
// <NA>: comparing them with it says nothing.
var missingIsMissing = []string{"ka.", "jevt."}

// Warnings reports what is dubious in a condition whatever its source: what the
// syntax alone shows. Condition reports it too.
func Warnings(n filter.Node) []Problem {
	var problems []Problem
	filter.Walk(n, func(n filter.Node) bool {
		for _, p := range nodeWarnings(n) {
			p.Node = n
			problems = append(problems, *p)
		}
		return true
	})
	return problems
}

func nodeWarnings(n filter.Node) (problems []*Problem) {
	c, isCompare := n.(*filter.Compare)
	filter.OperandsOf(n, func(o filter.Operand) {
		f, ok := o.(*filter.Field)
		switch {
		case !ok:
		case f.Name == dirField:
			problems = append(problems, deprecatedDirection(f.At))
		case isCompare && neverReadsNA(f.Name):
			if at, found := findNA(c.Right); found {
				problems = append(problems, unsafeNA(at, f.Name))
			}
		}
	})
	return problems
}

func neverReadsNA(name string) bool {
	for _, prefix := range missingIsMissing {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// findNA finds <NA> among the constants on the right.
func findNA(right filter.Operand) (filter.Span, bool) {
	switch right := right.(type) {
	case *filter.Value:
		return right.At, right.Text == notAvailable
	case *filter.List:
		for _, v := range right.Values {
			if v.Text == notAvailable {
				return v.At, true
			}
		}
	}
	return filter.Span{}, false
}

func unsafeNA(at filter.Span, name string) *Problem {
	w := warningf(at, diag.UnsafeNACheck, "comparing a field value with <NA> is unsafe: %s never has that value", name)
	w.Remedy = "ask with exists whether " + name + " has a value"
	return w
}

func deprecatedDirection(at filter.Span) *Problem {
	w := warningf(at, diag.DeprecatedItem, "field '%s' is deprecated: every event tells of a call that is over, so '<' is always true and '>' never", dirField)
	w.Remedy = "remove the comparison"
	return w
}
