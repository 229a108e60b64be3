package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/rules"
)

// loadCase is a case of rules-load.jsonl.
type loadCase struct {
	Filename  string
	RulesYAML string `json:"rules_yaml"`
	Setup     []struct {
		Call string
		Args []json.RawMessage
	} `json:"engine_setup"`
	Expect loadExpect
}

type loadExpect struct {
	Valid       *bool
	Schema      string            `json:"schema_validation"`
	HasWarnings *bool             `json:"has_warnings"`
	Errors      []string          `json:"errors_contain"`
	Warnings    []string          `json:"warnings_contain"`
	NotWarnings []string          `json:"warnings_not_contain"`
	Snippet     string            `json:"error_snippet_contains"`
	Conditions  map[string]string `json:"condition_compiled"`
	Outputs     map[string]string `json:"output_compiled"`
	Enabled     *int              `json:"n_enabled_rules"`
	Describe    []describeExpect
	Steps       []json.RawMessage
}

// describeExpect is a value, or the size of one, at a path in the description.
type describeExpect struct {
	Path  []any
	Value any
	Size  *int
}

func runRulesLoad(_ *Corpus, c Case) error {
	var want loadCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	cfg := rulesConfig()
	for _, step := range want.Setup {
		if err := setUp(&cfg, step.Call, step.Args); err != nil {
			return err
		}
	}
	set, diags := rules.Load([]rules.File{{Name: want.Filename, Data: []byte(want.RulesYAML)}}, cfg)
	err := want.Expect.check(set, diags)
	if err == nil && len(want.Expect.Steps) > 0 {
		err = runSelectionSteps(set, want.Expect.Steps)
	}
	if err != nil {
		return &Mismatch{Input: want.RulesYAML, Expected: err.Error(), Got: rendered(diags)}
	}
	return nil
}

// setUp makes of a call on the reference's engine what it is in a Config.
func setUp(cfg *rules.Config, call string, args []json.RawMessage) error {
	var texts []string
	var scope rules.Scope
	for _, arg := range args {
		var text string
		if err := json.Unmarshal(arg, &text); err == nil {
			texts = append(texts, text)
		} else if err := json.Unmarshal(arg, &scope.Tags); err != nil {
			return fmt.Errorf("%s: argument %s", call, arg)
		}
	}
	if len(texts) < 3 {
		return fmt.Errorf("%s: too few arguments", call)
	}
	scope.Source, scope.Rule = texts[len(texts)-2], texts[len(texts)-1]
	switch call {
	case "add_extra_output_format":
		cfg.ExtraOutput = append(cfg.ExtraOutput, rules.ExtraOutput{Scope: scope, Format: texts[0]})
	case "add_extra_output_formatted_field":
		cfg.ExtraFields = append(cfg.ExtraFields, rules.ExtraField{Scope: scope, Key: texts[0], Format: texts[1]})
	case "add_extra_output_raw_field":
		cfg.ExtraFields = append(cfg.ExtraFields, rules.ExtraField{Scope: scope, Key: texts[0], Format: texts[0], Raw: true})
	default:
		return fmt.Errorf("unknown call %s", call)
	}
	return nil
}

func (e *loadExpect) check(set *rules.Set, diags diag.List) error {
	errs, warnings := diags.Errors(), diags.Warnings()
	if e.Valid != nil && *e.Valid != (len(errs) == 0) {
		return fmt.Errorf("valid %v", *e.Valid)
	}
	if e.HasWarnings != nil && *e.HasWarnings != (len(warnings) > 0) {
		return fmt.Errorf("warnings %v", *e.HasWarnings)
	}
	if e.Schema != "" && (e.Schema == "ok") != followsSchema(diags) {
		return fmt.Errorf("schema validation %s", e.Schema)
	}
	if err := contains(rendered(errs), append(slices.Clone(e.Errors), e.Snippet), nil); err != nil {
		return err
	}
	if err := contains(rendered(warnings), e.Warnings, e.NotWarnings); err != nil {
		return err
	}
	if err := e.checkRules(set); err != nil {
		return err
	}
	return checkDescription(set, e.Describe)
}

func contains(text string, parts, not []string) error {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return fmt.Errorf("text %q", part)
		}
	}
	for _, part := range not {
		if strings.Contains(text, part) {
			return fmt.Errorf("no text %q", part)
		}
	}
	return nil
}

// followsSchema tells whether the file has only keys of rules files, and values
// of their types. The reference's schema does not tell which item has which key.
func followsSchema(diags diag.List) bool {
	for _, d := range diags {
		key := d.Summary[strings.Index(d.Summary, "'")+1:]
		key, _, _ = strings.Cut(key, "'")
		if d.Code == diag.SchemaType || d.Code == diag.UnknownKey && !rules.KnownKey(key) {
			return false
		}
	}
	return true
}

func (e *loadExpect) checkRules(set *rules.Set) error {
	for name, condition := range e.Conditions {
		r := set.Find(name)
		if r == nil {
			return fmt.Errorf("rule %s", name)
		}
		if err := compare(name, condition, filter.Print(r.Expr)); err != nil {
			return err
		}
	}
	for name, output := range e.Outputs {
		r := set.Find(name)
		if r == nil {
			return fmt.Errorf("rule %s", name)
		}
		if err := compare(name, output, r.OutputText); err != nil {
			return err
		}
	}
	if n := enabledRules(set, nil); e.Enabled != nil && *e.Enabled != n {
		return fmt.Errorf("%d enabled rules, not %d", *e.Enabled, n)
	}
	return nil
}

func checkDescription(set *rules.Set, wants []describeExpect) error {
	if len(wants) == 0 {
		return nil
	}
	text, err := json.Marshal(set.Describe())
	if err != nil {
		return err
	}
	var description any
	if err := json.Unmarshal(text, &description); err != nil {
		return err
	}
	for _, want := range wants {
		got, err := at(description, want.Path)
		if err != nil {
			return err
		}
		if want.Size != nil {
			if list, _ := got.([]any); len(list) != *want.Size {
				return fmt.Errorf("%d values at %v, not %d", *want.Size, want.Path, len(list))
			}
			continue
		}
		if err := compare(want.Path, want.Value, got); err != nil {
			return err
		}
	}
	return nil
}

// at follows a path of keys and indexes.
func at(v any, path []any) (any, error) {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case float64:
			list, _ := v.([]any)
			if int(step) >= len(list) {
				return nil, fmt.Errorf("nothing at %v", path)
			}
			v = list[int(step)]
		}
	}
	return v, nil
}

// enabledRules counts the rules that are on: after choices of their own, or
// with none as loaded.
func enabledRules(set *rules.Set, choices rules.Selection) int {
	n := 0
	for _, r := range set.Rules {
		if choices.Enabled(r.Name, r.Tags, choices == nil && r.Enabled) {
			n++
		}
	}
	return n
}
