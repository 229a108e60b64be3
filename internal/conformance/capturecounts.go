package conformance

import (
	"fmt"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/source/syscall"
)

// conditionCounts compares on how many events of captures generated conditions
// are true. Each capture is read once for all of them.
type conditionCounts struct {
	counts map[string]map[string]int // by case and capture
}

// countedCase is a condition and its counts; only accepted ones have any.
type countedCase struct {
	Condition string
	Accept    bool
	Counts    map[string]int
}

// takes leaves out the conditions that are not accepted.
func (k *conditionCounts) takes(c Case) bool {
	var want countedCase
	return c.Decode(&want) != nil || want.Accept && len(want.Counts) > 0
}

func (k *conditionCounts) run(corpus *Corpus, c Case) error {
	var want countedCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	if k.counts == nil {
		if err := k.countAll(corpus, c.File); err != nil {
			return err
		}
	}
	return compare(want.Condition, want.Counts, k.counts[c.ID])
}

// counted is a condition that counts.
type counted struct {
	id        string
	condition *compile.Condition
	captures  map[string]int
}

func (k *conditionCounts) countAll(corpus *Corpus, file string) error {
	cases, err := corpus.Cases(file)
	if err != nil {
		return err
	}
	k.counts = map[string]map[string]int{}
	plan := compile.NewPlan(syscall.Source())
	var all []counted
	captures := map[string]bool{}
	for _, c := range cases {
		var want countedCase
		if err := c.Decode(&want); err != nil {
			return err
		}
		node, err := filter.Parse(want.Condition)
		if err != nil || !want.Accept {
			continue
		}
		condition, _ := plan.Condition(node)
		if condition == nil {
			continue
		}
		k.counts[c.ID] = map[string]int{}
		for capture := range want.Counts {
			captures[capture] = true
			k.counts[c.ID][capture] = 0
		}
		all = append(all, counted{c.ID, condition, k.counts[c.ID]})
	}
	ctx := plan.NewContext()
	for _, capture := range sortedKeys(captures) {
		if err := countCapture(corpus, capture, ctx, all); err != nil {
			return fmt.Errorf("%s: %w", capture, err)
		}
	}
	return nil
}

// countCapture counts for each condition the events of a capture that it is
// true for.
func countCapture(corpus *Corpus, capture string, ctx *compile.Context, all []counted) error {
	return replay(corpus, capture, func(e *syscall.Event) {
		if e.Enter() && e.Info.Kind == syscall.KindSyscall {
			return
		}
		ctx.Begin(&e.Head)
		for _, c := range all {
			if _, counts := c.captures[capture]; counts && c.condition.Types.Has(e.Head.Type) && c.condition.Eval(ctx) {
				c.captures[capture]++
			}
		}
	})
}
