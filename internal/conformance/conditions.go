package conformance

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/source/syscall"
)

const conditionFile = "oracle/random-conditions.jsonl"

// conditionCase is a generated condition, what the reference said when it
// loaded it, and for how many events of each capture it was true.
type conditionCase struct {
	Condition string
	Accept    bool
	Errors    []struct{ Message string }
	Warnings  []string
	Counts    map[string]int
}

// conditions counts the matches of all conditions at once: they are compiled
// into one plan, and each capture is read once.
type conditions struct {
	loaded map[string]*loadedCondition // by case id
	counts map[string]map[string]int   // by capture and case id
	plan   *compile.Plan
}

// loadedCondition is what loading gave: the first error's message, or a
// condition; and the codes of the warnings, each once as the reference has it.
type loadedCondition struct {
	condition *compile.Condition
	message   string
	warnings  []string
}

// run compares acceptance, the first error's message, the warnings, and the
// number of matches in each capture.
func (k *conditions) run(corpus *Corpus, c Case) error {
	var want conditionCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	if err := k.load(corpus); err != nil {
		return err
	}
	got, expected := k.loaded[c.ID], ""
	if !want.Accept && len(want.Errors) > 0 {
		expected = want.Errors[0].Message
	}
	if got.message != expected || (got.message == "") != want.Accept {
		return &Mismatch{Input: want.Condition, Expected: expected, Got: got.message}
	}
	if !want.Accept {
		return nil
	}
	slices.Sort(want.Warnings)
	return errors.Join(
		compare(want.Condition, append([]string{}, want.Warnings...), got.warnings),
		k.compareCounts(corpus, c.ID, want),
	)
}

func (k *conditions) load(corpus *Corpus) error {
	if k.loaded != nil {
		return nil
	}
	cases, err := corpus.Cases(conditionFile)
	if err != nil {
		return err
	}
	k.loaded, k.counts = map[string]*loadedCondition{}, map[string]map[string]int{}
	k.plan = compile.NewPlan(syscall.Source())
	for _, c := range cases {
		var want conditionCase
		if err := c.Decode(&want); err != nil {
			return err
		}
		k.loaded[c.ID] = loadCondition(k.plan, want.Condition)
	}
	return nil
}

func loadCondition(plan *compile.Plan, text string) *loadedCondition {
	l := &loadedCondition{warnings: []string{}}
	node, err := filter.Parse(text)
	if err != nil {
		l.message = err.Error()
		return l
	}
	condition, problems := plan.Condition(node)
	l.condition = condition
	for i := range problems {
		switch {
		case problems[i].Warning:
			l.warnings = append(l.warnings, string(problems[i].Code))
		case l.message == "":
			l.message = problems[i].Message
		}
	}
	slices.Sort(l.warnings)
	l.warnings = slices.Compact(l.warnings)
	return l
}

func (k *conditions) compareCounts(corpus *Corpus, id string, want conditionCase) error {
	var different []error
	for _, trace := range sortedKeys(want.Counts) {
		counts, err := k.count(corpus, trace)
		if err != nil {
			return err
		}
		if counts[id] != want.Counts[trace] {
			different = append(different, &Mismatch{
				Input: want.Condition, Expected: fmt.Sprint(trace, ": ", want.Counts[trace]), Got: fmt.Sprint(counts[id]),
			})
		}
	}
	return errors.Join(different...)
}

// count is how often each condition is true in a capture, among the events that
// the condition's type set admits.
func (k *conditions) count(corpus *Corpus, trace string) (map[string]int, error) {
	if known := k.counts[trace]; known != nil {
		return known, nil
	}
	counts, ctx := map[string]int{}, k.plan.NewContext()
	err := replay(corpus, trace, func(e *syscall.Event) {
		ctx.Begin(&e.Head)
		for id, l := range k.loaded {
			if l.condition != nil && l.condition.Types.Has(e.Head.Type) && l.condition.Eval(ctx) {
				counts[id]++
			}
		}
	})
	if err == nil {
		k.counts[trace] = counts
	}
	return counts, err
}
