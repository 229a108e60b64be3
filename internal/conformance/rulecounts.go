package conformance

import (
	"fmt"
	"path"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/source/syscall"
)

const ruleCountFile = "oracle/rule-counts.jsonl"

// rulesetFiles are the files of the rulesets that the cases name.
var rulesetFiles = map[string][]string{
	"stable":                    upstreamRules[:1],
	"stable+incubating":         upstreamRules[:2],
	"stable+incubating+sandbox": upstreamRules,
	"falco-rules-1.0.1":         {"rules/tags/falco-rules-1.0.1/falco_rules.yaml"},
	"probe":                     {"oracle/probe.yaml"},
}

var upstreamRules = []string{
	"rules/upstream/falco_rules.yaml", "rules/upstream/falco-incubating_rules.yaml", "rules/upstream/falco-sandbox_rules.yaml",
}

// runRuleCounts compares how often each rule of a ruleset matches in a capture.
func runRuleCounts(corpus *Corpus, c Case) error {
	var want struct {
		Trace, Ruleset, Matching string
		Counts                   map[string]int
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	matching := engine.All
	if want.Matching == "first" {
		matching = engine.First
	}
	e, err := engineFor(corpus, rulesetFiles[want.Ruleset], engine.Options{Config: rulesConfig(), Matching: matching})
	if err != nil {
		return err
	}
	got, err := countDetections(corpus, e, want.Trace)
	if err != nil {
		return err
	}
	return compare(want.Ruleset+" on "+want.Trace, want.Counts, got)
}

// engineFor loads rules into a new engine.
func engineFor(corpus *Corpus, names []string, opts engine.Options) (*engine.Engine, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("the ruleset is not known")
	}
	var files []rules.File
	for _, name := range names {
		data, err := corpus.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, rules.File{Name: path.Base(name), Data: data})
	}
	e := engine.New(opts)
	report := e.Load(files)
	if report.Diagnostics.HasErrors() {
		return nil, fmt.Errorf("the rules do not load:\n%s", rendered(report.Diagnostics.Errors()))
	}
	return e, nil
}

// countDetections replays a capture, or reads documents.
func countDetections(corpus *Corpus, e *engine.Engine, trace string) (map[string]int, error) {
	if isDocuments(trace) {
		return countDocuments(corpus, e, trace)
	}
	evaluator, err := e.Evaluator(syscall.SourceName)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	err = replay(corpus, trace, func(ev *syscall.Event) {
		evaluator.Process(&ev.Head, func(d *engine.Detection) { counts[d.Rule.Name]++ })
	})
	return counts, err
}
