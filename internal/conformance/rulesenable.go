package conformance

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lannersec/lanner/engine/rules"
)

// defaultRuleset is the one that rules are in as their files say.
const defaultRuleset = "falco-default-ruleset"

// selectionStep is a step of rules-load.jsonl: rules are switched in one of
// several rulesets, or counted.
type selectionStep struct {
	Count    *string `json:"n_rules"`
	Expect   int
	Rule     *string  `json:"enable_rule"`
	Exact    *string  `json:"enable_rule_exact"`
	Wildcard *string  `json:"enable_rule_wildcard"`
	Tags     []string `json:"enable_rule_by_tag"`
	Enabled  bool
	Ruleset  string
}

func (s *selectionStep) choices() rules.Selection {
	choice := func(match rules.Match, pattern string) rules.Selection {
		return rules.Selection{{Enable: s.Enabled, Match: match, Pattern: pattern}}
	}
	switch {
	case s.Rule != nil:
		return choice(rules.BySubstring, *s.Rule)
	case s.Exact != nil:
		return choice(rules.ByName, *s.Exact)
	case s.Wildcard != nil:
		return choice(rules.ByWildcard, *s.Wildcard)
	}
	var out rules.Selection
	for _, tag := range s.Tags {
		out = append(out, choice(rules.ByTag, tag)...)
	}
	return out
}

func runSelectionSteps(set *rules.Set, steps []json.RawMessage) error {
	rulesets := map[string]rules.Selection{}
	for _, r := range set.Rules {
		rulesets[defaultRuleset] = append(rulesets[defaultRuleset],
			rules.Choice{Enable: r.Enabled, Match: rules.ByName, Pattern: r.Name})
	}
	for i, raw := range steps {
		var step selectionStep
		if err := json.Unmarshal(raw, &step); err != nil {
			return err
		}
		if step.Count == nil {
			if step.Ruleset == "" {
				step.Ruleset = defaultRuleset
			}
			rulesets[step.Ruleset] = append(rulesets[step.Ruleset], step.choices()...)
			continue
		}
		choices := append(rules.Selection{}, rulesets[*step.Count]...)
		if got := enabledRules(set, choices); got != step.Expect {
			return fmt.Errorf("step %d: %d rules in %s, not %d", i, step.Expect, *step.Count, got)
		}
	}
	return nil
}

// enableCase is a case of rules-enable.jsonl.
type enableCase struct {
	Rules map[string]struct {
		Name string
		Tags []string
	}
	Steps []struct {
		Op      string
		Arg     any
		Ruleset int
		Match   string
		Count   *int `json:"enabled_count"`
	}
}

var matches = map[string]rules.Match{
	"exact": rules.ByName, "substring": rules.BySubstring, "wildcard": rules.ByWildcard,
}

func runEnable(_ *Corpus, c Case) error {
	var want enableCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	rulesets := map[int]rules.Selection{}
	for i, step := range want.Steps {
		if step.Count == nil {
			choices, err := enableChoices(step.Op, step.Match, step.Arg)
			if err != nil {
				return err
			}
			rulesets[step.Ruleset] = append(rulesets[step.Ruleset], choices...)
			continue
		}
		got := 0
		for _, r := range want.Rules {
			if rulesets[step.Ruleset].Enabled(r.Name, r.Tags, false) {
				got++
			}
		}
		if err := compare(fmt.Sprintf("step %d", i), *step.Count, got); err != nil {
			return err
		}
	}
	return nil
}

func enableChoices(op, match string, arg any) (rules.Selection, error) {
	enable := op == "enable" || op == "enable_tags"
	if text, ok := arg.(string); ok {
		return rules.Selection{{Enable: enable, Match: matches[match], Pattern: text}}, nil
	}
	tags, ok := arg.([]any)
	if !ok {
		return nil, fmt.Errorf("argument %v", arg)
	}
	var out rules.Selection
	for _, tag := range tags {
		text, _ := tag.(string)
		out = append(out, rules.Choice{Enable: enable, Match: rules.ByTag, Pattern: text})
	}
	return out, nil
}

func nameSet(names []string) []string {
	out := append([]string{}, names...)
	slices.Sort(out)
	return slices.Compact(out)
}

func among(names []string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}
