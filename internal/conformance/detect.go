package conformance

import (
	"fmt"
	"path"
	"strings"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
)

// detectCase is a case of expectations/*.jsonl in which rules are matched with
// the events of a capture.
type detectCase struct {
	Rules    []string
	Validate []string
	Trace    string
	Args     struct {
		Priority      string
		DisabledRules []string `json:"disabled_rules"`
		DisableTags   []string `json:"disable_tags"`
		RunTags       []string `json:"run_tags"`
		ConfigYAML    string   `json:"config_yaml"`
	}
	Expect detectExpect
}

// detectExpect is what is expected of the alerts. Cases may expect something of
// the reference's own outputs besides; that is not compared.
type detectExpect struct {
	Detect      *bool
	Total       *int           `json:"detect_total"`
	Levels      []string       `json:"detect_levels"`
	LevelCounts map[string]int `json:"level_counts"`
	Counts      map[string]int `json:"detect_counts"`
}

func (e *detectExpect) any() bool {
	return e.Detect != nil || e.Total != nil || e.Levels != nil || e.LevelCounts != nil || e.Counts != nil
}

// takesDetect takes the cases about captures and audit events that the corpus may
// have. Some about audit events expect no more than that the rules load.
func takesDetect(c Case) bool {
	var d struct {
		detectCase
		Available *bool `json:"trace_available"`
	}
	return c.Decode(&d) == nil && len(d.Rules) > 0 && len(d.Validate) == 0 && (path.Ext(d.Trace) == ".scap" || isDocuments(d.Trace)) &&
		(d.Available == nil || *d.Available) && (d.Expect.any() || isDocuments(d.Trace))
}

func runDetect(corpus *Corpus, c Case) error {
	var want detectCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	cfg := rulesConfig()
	cfg.Selection = want.selection()
	if want.Args.Priority != "" {
		priority, ok := rules.ParsePriority(want.Args.Priority)
		if !ok {
			return fmt.Errorf("no priority: %s", want.Args.Priority)
		}
		cfg.MinPriority = priority
	}
	matching := engine.First
	if strings.Contains(want.Args.ConfigYAML, "rule_matching: all") {
		matching = engine.All
	}
	e, err := engineFor(corpus, want.Rules, engine.Options{Config: cfg, Matching: matching})
	if err != nil {
		return err
	}
	counts, err := countDetections(corpus, e, want.Trace)
	if err != nil {
		return err
	}
	if err := want.Expect.check(e.Set(), counts); err != nil {
		return &Mismatch{Input: strings.Join(want.Rules, " ") + " on " + want.Trace, Expected: err.Error(), Got: counts}
	}
	return nil
}

// selection is the rules that the reference's arguments switch on and off.
func (d *detectCase) selection() rules.Selection {
	var s rules.Selection
	for _, part := range d.Args.DisabledRules {
		s = append(s, rules.Choice{Match: rules.BySubstring, Pattern: part})
	}
	for _, tag := range d.Args.DisableTags {
		s = append(s, rules.Choice{Match: rules.ByTag, Pattern: tag})
	}
	if len(d.Args.RunTags) > 0 {
		s = append(s, rules.Choice{Match: rules.ByWildcard, Pattern: "*"})
	}
	for _, tag := range d.Args.RunTags {
		s = append(s, rules.Choice{Enable: true, Match: rules.ByTag, Pattern: tag})
	}
	return s
}

// check compares alerts by rule with what is expected.
func (e *detectExpect) check(set *rules.Set, counts map[string]int) error {
	total := 0
	levels := map[rules.Priority]int{}
	for name, n := range counts {
		total += n
		levels[set.Find(name).Priority] += n
	}
	if e.Detect != nil && *e.Detect != (total > 0) {
		return fmt.Errorf("alerts %v", *e.Detect)
	}
	if e.Total != nil && *e.Total != total {
		return fmt.Errorf("%d alerts", *e.Total)
	}
	for _, level := range e.Levels {
		if p, _ := rules.ParsePriority(level); levels[p] == 0 {
			return fmt.Errorf("alerts of %s", level)
		}
	}
	for _, level := range sortedKeys(e.LevelCounts) {
		if p, _ := rules.ParsePriority(level); levels[p] != e.LevelCounts[level] {
			return fmt.Errorf("%d alerts of %s", e.LevelCounts[level], level)
		}
	}
	for _, name := range sortedKeys(e.Counts) {
		if counts[name] != e.Counts[name] {
			return fmt.Errorf("%d alerts of %s", e.Counts[name], name)
		}
	}
	return nil
}
