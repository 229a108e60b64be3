package conformance

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
)

// compiled is what compiling a text gave: the first error, or a condition.
type compiled struct {
	plan      *compile.Plan
	condition *compile.Condition
	warnings  int
	err       error
}

// compileText parses and compiles a condition with the mock fields.
func compileText(text string) compiled {
	result := compiled{plan: compile.NewPlan(newMockSource())}
	node, err := filter.Parse(text)
	if err != nil {
		result.err = err
		return result
	}
	condition, problems := result.plan.Condition(node)
	result.condition = condition
	for i := range problems {
		switch {
		case problems[i].Warning && problems[i].Code == diag.ConditionWarning:
			result.warnings++
		case problems[i].Warning: // of a kind that the reference does not count
		case result.err == nil:
			result.err = errors.New(problems[i].Message)
		}
	}
	return result
}

// eval evaluates the condition on an event that only mock fields can read.
func (c compiled) eval() bool {
	context := c.plan.NewContext()
	context.Begin(&event.Event{})
	return c.condition.Eval(context)
}

// runCompile runs compile and bool_eval.
func runCompile(_ *Corpus, c Case) error {
	var want struct {
		Expr     caseText
		Expect   any
		Message  string
		Warnings *int `json:"n_warnings"`
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	text := string(want.Expr)
	got := compileText(text)
	switch {
	case c.Kind == "bool_eval" && got.err == nil:
		return compare(text, want.Expect, got.eval())
	case c.Kind == "bool_eval":
		return &Mismatch{Input: text, Expected: want.Expect, Got: got.err}
	case got.err != nil && want.Expect != "reject":
		return &Mismatch{Input: text, Expected: want.Expect, Got: got.err}
	case got.err == nil && want.Expect != "accept":
		return &Mismatch{Input: text, Expected: want.Expect, Got: "accept"}
	case got.err != nil && !strings.Contains(got.err.Error(), want.Message):
		return &Mismatch{Input: text, Expected: want.Message, Got: got.err}
	case want.Warnings != nil && *want.Warnings != got.warnings:
		return &Mismatch{Input: text, Expected: fmt.Sprint(*want.Warnings, " warnings"), Got: fmt.Sprint(got.warnings)}
	}
	return nil
}
