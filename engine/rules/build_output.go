package rules

import (
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/output"
)

// containerInfo was once replaced by fields; it has no meaning any more.
const containerInfo = "%container.info"

// output compiles a rule's output and what is added to it. False leaves the
// rule out.
func (b *builder) output(rule *Rule, r *ruleInfo, plan *compile.Plan) bool {
	t := &text{}
	t.join(r.output)
	for _, extra := range b.cfg.ExtraOutput {
		if extra.holds(r) {
			t.glue(" "+extra.Format, r.output[0])
		}
	}
	if strings.Contains(t.String(), containerInfo) {
		t = b.dropContainerInfo(t, r)
	}
	rule.OutputText = t.String()

	// The star lets missing values read <NA>: an alert is never cut short.
	starred := &text{}
	starred.glue("*", r.output[0])
	starred.copy(t, 0, len(t.b))
	format, problems := output.Compile(starred.String(), plan)
	rule.Output = format
	if format != nil {
		rule.addFields(format.Fields()...)
	}
	ok := b.outputProblems(starred, problems, r)
	return b.extraFields(rule, r, plan) && ok && format != nil
}

func (b *builder) dropContainerInfo(t *text, r *ruleInfo) *text {
	out := &text{}
	from := 0
	for {
		i := strings.Index(string(t.b[from:]), containerInfo)
		if i < 0 {
			out.copy(t, from, len(t.b))
			return out
		}
		at, _ := t.locate(span(from+i, from+i+len(containerInfo)))
		b.report(warnContainerInfo(at, r.item()))
		out.copy(t, from, from+i)
		from += i + len(containerInfo)
	}
}

// outputProblems reports what is wrong with an output, and returns whether the
// rule can be loaded.
func (b *builder) outputProblems(t *text, problems []compile.Problem, r *ruleInfo) bool {
	ok := true
	for _, p := range problems {
		at, _ := t.locate(p.At)
		switch {
		case p.Warning && p.Code == diag.DeprecatedItem:
			b.report(warnDeprecatedOutput(at, r.item(), string(t.b[p.At.Start:p.At.End])))
		case p.Warning:
			b.report(warn(p.Code, at, r.item(), p.Message, sentence(p.Remedy)))
		case p.Unknown && r.skipUnknown:
			b.report(warnUnknownFilter(at, r.item(), p.Message))
			b.set.Skipped++
			return false
		default:
			ok = false
			d := errOutput(at, r.item(), p.Message, sentence(p.Remedy))
			d.Suggest = p.Suggest
			b.report(d)
		}
	}
	return ok
}

// extraFields compiles the values that detections of the rule carry besides.
func (b *builder) extraFields(rule *Rule, r *ruleInfo, plan *compile.Plan) bool {
	ok := true
	for _, extra := range b.cfg.ExtraFields {
		if !extra.holds(r) {
			continue
		}
		problems := extra.compile(rule, plan)
		t := &text{}
		t.glue("*"+extra.Format, r.output[0])
		ok = b.outputProblems(t, problems, r) && ok
	}
	return ok
}

func (e *ExtraField) compile(rule *Rule, plan *compile.Plan) []compile.Problem {
	if !e.Raw {
		format, problems := output.Compile("*"+e.Format, plan)
		rule.Extra = append(rule.Extra, ExtraValue{e.Key, format})
		return problems
	}
	ref, err := plan.Value(e.Format)
	if err != nil {
		return []compile.Problem{{Message: err.Error()}}
	}
	rule.addFields(output.Field{Name: e.Key, Ref: ref})
	return nil
}

// addFields adds values to those that detections carry, each name once.
func (r *Rule) addFields(fields ...output.Field) {
	for _, f := range fields {
		if !slices.ContainsFunc(r.Fields, func(have output.Field) bool { return have.Name == f.Name }) {
			r.Fields = append(r.Fields, f)
		}
	}
}
