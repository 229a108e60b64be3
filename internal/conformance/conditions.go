package conformance

import (
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/source/syscall"
)

// conditionCase is a generated condition, and what the reference said when it
// loaded it.
type conditionCase struct {
	Condition string
	Accept    bool
	Errors    []struct{ Message string }
	Warnings  []string
}

// runCondition compares acceptance, the first error's message and the codes of
// the warnings. The reference names each code once for a rule.
func runCondition(_ *Corpus, c Case) error {
	var want conditionCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	message, warnings := loadCondition(want.Condition)
	expected := ""
	if !want.Accept && len(want.Errors) > 0 {
		expected = want.Errors[0].Message
	}
	if message != expected || (message == "") != want.Accept {
		return &Mismatch{Input: want.Condition, Expected: expected, Got: message}
	}
	if !want.Accept {
		return nil
	}
	slices.Sort(want.Warnings)
	return compare(want.Condition, append([]string{}, want.Warnings...), warnings)
}

// loadCondition is the first error's message, and the codes of the warnings.
func loadCondition(text string) (message string, warnings []string) {
	node, err := filter.Parse(text)
	if err != nil {
		return err.Error(), nil
	}
	warnings = []string{}
	_, problems := compile.NewPlan(syscall.Source()).Condition(node)
	for i := range problems {
		switch {
		case problems[i].Warning:
			warnings = append(warnings, string(problems[i].Code))
		case message == "":
			message = problems[i].Message
		}
	}
	slices.Sort(warnings)
	return message, slices.Compact(warnings)
}
