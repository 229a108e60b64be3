package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/mitre"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulesfmt"
)

// explanation is everything about a rule that its author may want to know.
type explanation struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Place       string   `json:"place"`
	Enabled     bool     `json:"enabled"`
	Priority    string   `json:"priority"`
	Source      string   `json:"source"`
	Tags        []string `json:"tags"`
	Tactics     []string `json:"tactics"`
	Techniques  []string `json:"techniques"`
	Written     string   `json:"condition_written"`
	Condition   string   `json:"condition"`
	Exceptions  []string `json:"exceptions"`
	// EventTypes is empty where the rule looks at all of them.
	EventTypes []string `json:"event_types"`
	Fields     []string `json:"fields"`
	Cost       uint32   `json:"cost"`
	CostClass  string   `json:"cost_class"`
	Output     string   `json:"output"`
	OutputUses []string `json:"output_fields"`
}

func newExplain() *cobra.Command {
	var files []string
	var capture bool
	cmd := &cobra.Command{
		Use:   "explain RULE",
		Short: "Show what a rule does in the end",
		Long: `explain shows a rule with its macros, lists and exceptions expanded, the event
types it is evaluated for, the fields it reads, how dear that is, and the MITRE
ATT&CK techniques it names. RULE is the name, or a part of it that only one rule has.

With --capture it shows instead, for every event type, what the loaded rules let
out of the kernel, which rule asks for how much, and why what is not filtered is
not.`,
		Example: `  lanner explain "Terminal shell in container" -r falco_rules.yaml
  lanner explain shell -o json
  lanner explain --capture falco_rules.yaml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if capture {
				return nil // rules files
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
	}
	cmd.Flags().BoolVar(&capture, "capture", false, "show what leaves the kernel; arguments are rules files")
	addRulesFlag(cmd, &files)
	output := addOutputFlag(cmd, formatText, formatJSON)
	cmd.ValidArgsFunction = func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return ruleNames(files), cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if capture && len(args) > 0 {
			files = args
		}
		set, err := mustLoad(cmd, files)
		if err != nil {
			return err
		}
		if capture {
			return outputCapture(cmd, set, output.value)
		}
		rule, err := findRule(set, args[0])
		if err != nil {
			return err
		}
		e := explain(rule)
		if output.value == formatJSON {
			return writeJSON(cmd.OutOrStdout(), e)
		}
		return e.write(cmd.OutOrStdout())
	}
	return cmd
}

// ruleNames are the names for completion; nothing where the rules do not load.
func ruleNames(files []string) []string {
	set, _, err := loadRules(files, false)
	if err != nil {
		return nil
	}
	return namesOf(set.Rules)
}

func namesOf(list []*rules.Rule) []string {
	var names []string
	for _, rule := range list {
		names = append(names, rule.Name)
	}
	return names
}

// findRule finds a rule by its name, or by a part that only one has.
func findRule(set *rules.Set, name string) (*rules.Rule, error) {
	if rule := set.Find(name); rule != nil {
		return rule, nil
	}
	var found []*rules.Rule
	for _, rule := range set.Rules {
		if strings.Contains(strings.ToLower(rule.Name), strings.ToLower(name)) {
			found = append(found, rule)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		if near := diag.Suggest(name, slices.Values(namesOf(set.Rules))); near != "" {
			return nil, fmt.Errorf("no rule %q; did you mean %q?", name, near)
		}
		return nil, fmt.Errorf("no rule %q; list shows all", name)
	}
	return nil, fmt.Errorf("%d rules match %q:\n  %s", len(found), name, strings.Join(namesOf(found), "\n  "))
}

func explain(rule *rules.Rule) explanation {
	threat := mitre.Of(rule.Tags)
	e := explanation{
		Name: rule.Name, Description: strings.TrimSpace(rule.Desc), Place: fmt.Sprintf("%s:%d", rule.File, rule.Line),
		Enabled: rule.Enabled, Priority: rule.Priority.String(), Source: rule.Source, Tags: rule.Tags,
		Techniques: techniques(threat),
		Written:    strings.TrimSpace(rule.ConditionText), Condition: filter.Print(rule.Expr), Exceptions: rule.Exceptions,
		Cost: uint32(rule.Condition.Cost), CostClass: costClass(rule.Condition.Cost),
		Output: strings.TrimSpace(rule.OutputText),
	}
	for _, tactic := range threat.Tactics {
		e.Tactics = append(e.Tactics, tactic.Name)
	}
	e.EventTypes = eventTypes(rule)
	rule.Condition.Tree.Fields(func(x *compile.Expr) { e.Fields = append(e.Fields, x.String()) })
	e.Fields = distinct(e.Fields)
	for _, field := range rule.Fields {
		e.OutputUses = append(e.OutputUses, field.Name)
	}
	return e
}

// techniques are the most precise ids: a subtechnique stands for its technique.
func techniques(t mitre.Threat) []string {
	ids := slices.Clone(t.Subtechniques)
	for _, id := range t.Techniques {
		if !slices.ContainsFunc(t.Subtechniques, func(sub string) bool { return strings.HasPrefix(sub, id+".") }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// eventTypes lists the types that the rule is evaluated for; none if these are all.
func eventTypes(rule *rules.Rule) []string {
	if rule.Condition.Types == nil {
		return nil
	}
	source, err := sourceNamed(rule.Source)
	if err != nil {
		return nil
	}
	types := source[0].Types()
	var names []string
	for id := range types.Len() {
		if rule.Condition.Types.Has(event.TypeID(id)) {
			names = append(names, types.Name(event.TypeID(id)))
		}
	}
	if len(names) == types.Len() {
		return nil
	}
	slices.Sort(names)
	return names
}

// costClasses bound the estimated cost of one evaluation, in comparisons of
// two numbers.
var costClasses = []struct {
	below compile.Cost
	name  string
}{
	{40, "cheap"},
	{160, "moderate"},
	{640, "dear"},
}

func costClass(cost compile.Cost) string {
	for _, class := range costClasses {
		if cost < class.below {
			return class.name
		}
	}
	return "very dear"
}

func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// write shows the explanation to people.
func (e explanation) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", e.Name)
	paragraph(&b, "", e.Description)
	b.WriteByte('\n')
	state := "enabled"
	if !e.Enabled {
		state = "disabled"
	}
	entry(&b, "place", e.Place+", "+state)
	entry(&b, "priority", e.Priority)
	entry(&b, "source", e.Source)
	entry(&b, "tags", strings.Join(e.Tags, ", "))
	entry(&b, "MITRE ATT&CK", strings.Join(append(slices.Clone(e.Tactics), e.Techniques...), ", "))
	entry(&b, "event types", e.eventTypesText())
	entry(&b, "fields", strings.Join(e.Fields, ", "))
	entry(&b, "cost", fmt.Sprintf("%s (%d)", e.CostClass, e.Cost))
	entry(&b, "exceptions", strings.Join(e.Exceptions, ", "))
	block(&b, "condition as written", rulesfmt.Condition(e.Written))
	block(&b, "condition in the end", rulesfmt.Condition(e.Condition))
	b.WriteString("\noutput\n")
	paragraph(&b, "  ", e.Output)
	_, err := io.WriteString(w, b.String())
	return err
}

func (e explanation) eventTypesText() string {
	if len(e.EventTypes) == 0 {
		return "all: every event is evaluated"
	}
	return strings.Join(e.EventTypes, ", ")
}

// entry writes a name and its value; an empty value is left out.
func entry(b *strings.Builder, name, value string) {
	if value == "" {
		return
	}
	const column = 14
	pad := strings.Repeat(" ", column)
	lines := rulesfmt.Wrap(value, 100-column)
	fmt.Fprintf(b, "%-*s%s\n", column, name, lines[0])
	for _, line := range lines[1:] {
		fmt.Fprintf(b, "%s%s\n", pad, line)
	}
}

func paragraph(b *strings.Builder, pad, text string) {
	if text == "" {
		return
	}
	for _, line := range rulesfmt.Wrap(text, 100-len(pad)) {
		fmt.Fprintf(b, "%s%s\n", pad, line)
	}
}

func block(b *strings.Builder, title string, lines []string) {
	fmt.Fprintf(b, "\n%s\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "  %s\n", line)
	}
}
