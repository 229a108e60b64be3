package ruletest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/syscall"
)

// seen is a detection and the line of the event that caused it.
type seen struct {
	*engine.Detection
	line int
}

func (s seen) name() string { return strconv.Quote(s.Rule.Name) }

func (r *run) expect(step Step) {
	r.expecting = true
	switch step := step.(type) {
	case *ExpectSilent:
		r.expectSilent(step)
	case *ExpectFire:
		r.expectFire(step)
	case *ExpectTruth:
		r.expectTruth(step)
	case *ExpectValue:
		r.expectValue(step)
	}
}

func (r *run) expectSilent(step *ExpectSilent) {
	if r.acts == 0 {
		r.failf(step.line(), "there was no event to be silent about")
	}
	for _, d := range r.pending {
		r.failf(step.line(), "%s fired on line %d: %s", d.name(), d.line, d.Output)
	}
	r.pending = nil
}

// expectFire takes as many of the rule's detections out of the pending ones as
// it wants. What is left over may be for the next expectation.
func (r *run) expectFire(step *ExpectFire) {
	if r.engine.engine.Set().Find(step.Rule) == nil {
		return // reported when the rules were loaded
	}
	var fired, rest []seen
	for _, d := range r.pending {
		if d.Rule.Name == step.Rule && len(fired) < step.Count {
			fired = append(fired, d)
		} else {
			rest = append(rest, d)
		}
	}
	if len(fired) != step.Count {
		r.failf(step.line(), "%q fired %s, want %s%s", step.Rule, times(len(fired)), times(step.Count), othersFired(rest))
	}
	for _, d := range fired {
		for _, problem := range differences(step, d.Detection) {
			r.failf(step.line(), "%s fired on line %d, but %s", d.name(), d.line, problem)
		}
	}
	r.pending = rest
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func othersFired(list []seen) string {
	if len(list) == 0 {
		return "; nothing else fired"
	}
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.name()
	}
	return "; also fired: " + strings.Join(names, ", ")
}

// differences says how a detection is not as expected.
func differences(step *ExpectFire, d *engine.Detection) []string {
	var all []string
	for _, a := range step.Attrs {
		if got, ok := attrMatches(a, d); !ok {
			all = append(all, fmt.Sprintf("%s is %q, want %s", a.Key, got, wanted(a.Value, a.Match)))
		}
	}
	for _, want := range step.Fields {
		if problem := want.differs(d.Field(want.Field)); problem != "" {
			all = append(all, problem)
		}
	}
	return all
}

func wanted(text string, pattern bool) string {
	if pattern {
		return "a match of " + strconv.Quote(text)
	}
	return strconv.Quote(text)
}

// attrMatches compares a property of a detection that is no field.
func attrMatches(a Attr, d *engine.Detection) (got string, ok bool) {
	switch a.Key {
	case "tag":
		return strings.Join(d.Rule.Tags, " "), slices.ContainsFunc(d.Rule.Tags, func(tag string) bool { return textMatches(a, tag) })
	case "priority":
		want, ok := enginerules.ParsePriority(a.Value)
		return d.Rule.Priority.String(), ok && want == d.Rule.Priority
	case "source":
		got = d.Source
	case "output":
		got = d.Output
	}
	return got, textMatches(a, got)
}

func textMatches(a Attr, got string) bool {
	if !a.Match {
		return got == a.Value
	}
	re, err := regexp.Compile(a.Value)
	return err == nil && re.MatchString(got)
}

// differs says how a value is not as wanted; empty where it is.
func (w *FieldWant) differs(v event.Value) string {
	got := v.String()
	switch {
	case w.Missing && v.Exists():
		return fmt.Sprintf("%s is %q, want no value", w.Field, got)
	case w.Missing:
		return ""
	case !v.Exists():
		return fmt.Sprintf("%s has no value, want %s", w.Field, wanted(w.Text, w.Pattern != nil))
	case w.Pattern != nil && !w.Pattern.MatchString(got), w.Pattern == nil && got != w.Text:
		return fmt.Sprintf("%s is %q, want %s", w.Field, got, wanted(w.Text, w.Pattern != nil))
	}
	return ""
}

// truthRule is the name of the rule that an expectation of a truth compiles.
const truthRule = "condition of the script"

// expectTruth compiles the condition with the chunk's macros and lists.
func (r *run) expectTruth(step *ExpectTruth) {
	text := fmt.Sprintf("- rule: %s\n  desc: d\n  condition: %s\n  output: o\n  priority: INFO\n  source: %s\n",
		truthRule, strconv.Quote(step.Expr), r.sourceName())
	files := append(slices.Clone(r.engine.files), enginerules.File{Name: "condition", Data: []byte(text)})
	set, diags := enginerules.Load(files, enginerules.Config{Sources: catalog.All()})
	if diags.HasErrors() {
		for _, d := range diags.Errors() {
			r.failf(step.line(), "%s", describeDiagnostic(&d))
		}
		return
	}
	if r.last.event == nil {
		r.failf(step.line(), "there was no event to look at")
		return
	}
	ctx := set.Ruleset(r.sourceName()).Plan.NewContext()
	ctx.Begin(r.last.event)
	if got := set.Find(truthRule).Condition.Eval(ctx); got != step.Want {
		r.failf(step.line(), "the condition is %t, want %t", got, step.Want)
	}
}

func (r *run) sourceName() string {
	if r.last.source == nil {
		return syscall.SourceName
	}
	return r.last.source.Name()
}

func (r *run) expectValue(step *ExpectValue) {
	if r.last.event == nil {
		r.failf(step.line(), "there was no event to look at")
		return
	}
	plan := compile.NewPlan(r.last.source)
	ref, err := plan.Value(step.Want.Field)
	if err != nil {
		r.failf(step.line(), "%v", err)
		return
	}
	ctx := plan.NewContext()
	ctx.Begin(r.last.event)
	if problem := step.Want.differs(ref.Get(ctx)); problem != "" {
		r.failf(step.line(), "%s", problem)
	}
}
