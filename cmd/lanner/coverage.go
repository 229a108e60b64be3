package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/mitre"
	"github.com/lannersec/lanner/engine/rules"
)

// covered is a technique of a tactic with the enabled rules that detect it.
type covered struct {
	Technique string
	Tactic    mitre.Tactic // zero where no rule says
	Rules     []string
}

func newCoverage() *cobra.Command {
	var files []string
	cmd := &cobra.Command{
		Use:   "coverage [FILE…]",
		Short: "Show which MITRE ATT&CK techniques the rules detect",
		Long: `coverage reads the tags of all enabled rules: mitre_<tactic> and Tnnnn[.nnn]. It
writes a Markdown table, or with -o json a layer that the ATT&CK Navigator opens
(https://mitre-attack.github.io/attack-navigator).`,
		Example: `  lanner coverage rules/ > coverage.md
  lanner coverage -o json rules/ > layer.json`,
	}
	output := addOutputFlag(cmd, formatMarkdown, formatJSON)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		files = filesOrDefault(args)
		set, err := mustLoad(cmd, files)
		if err != nil {
			return err
		}
		found := coverageOf(set)
		if output.value == formatJSON {
			return writeJSON(cmd.OutOrStdout(), navigatorLayer(found, strings.Join(files, ", ")))
		}
		return writeCoverage(cmd.OutOrStdout(), found, set)
	}
	return cmd
}

// coverageOf collects the techniques in the order of the matrix.
func coverageOf(set *rules.Set) []covered {
	var found []covered
	for _, rule := range set.Rules {
		if !rule.Enabled {
			continue
		}
		threat := mitre.Of(rule.Tags)
		for _, technique := range techniques(threat) {
			for _, tactic := range tacticsOrNone(threat) {
				found = cover(found, technique, tactic, rule.Name)
			}
		}
	}
	order := mitre.Tactics()
	slices.SortStableFunc(found, func(a, b covered) int {
		if a.Tactic != b.Tactic {
			return rankOf(order, a.Tactic) - rankOf(order, b.Tactic)
		}
		return strings.Compare(a.Technique, b.Technique)
	})
	return found
}

func tacticsOrNone(t mitre.Threat) []mitre.Tactic {
	if len(t.Tactics) == 0 {
		return []mitre.Tactic{{}}
	}
	return t.Tactics
}

// rankOf puts techniques without a tactic last.
func rankOf(order []mitre.Tactic, t mitre.Tactic) int {
	if i := slices.Index(order, t); i >= 0 {
		return i
	}
	return len(order)
}

func cover(found []covered, technique string, tactic mitre.Tactic, rule string) []covered {
	i := slices.IndexFunc(found, func(c covered) bool { return c.Technique == technique && c.Tactic == tactic })
	if i < 0 {
		return append(found, covered{technique, tactic, []string{rule}})
	}
	found[i].Rules = append(found[i].Rules, rule)
	return found
}

// writeCoverage writes the Markdown table, and what is not in it.
func writeCoverage(w io.Writer, found []covered, set *rules.Set) error {
	var b strings.Builder
	b.WriteString("| Tactic | Technique | Rules |\n|---|---|---|\n")
	for _, c := range found {
		tactic := c.Tactic.Name
		if tactic == "" {
			tactic = "(none named)"
		}
		fmt.Fprintf(&b, "| %s | [%s](%s) | %s |\n", tactic, c.Technique, techniqueURL(c.Technique), strings.Join(c.Rules, "<br>"))
	}
	enabled, tagged := countTagged(set)
	fmt.Fprintf(&b, "\n%s enabled, %d of them name a technique; %d techniques in %d of %d tactics.\n",
		plural(enabled, "rule"), tagged, countDistinct(found, func(c covered) string { return c.Technique }),
		countDistinct(found, func(c covered) string { return c.Tactic.ID }), len(mitre.Tactics()))
	_, err := io.WriteString(w, b.String())
	return err
}

func techniqueURL(id string) string {
	return "https://attack.mitre.org/techniques/" + strings.ReplaceAll(id, ".", "/")
}

func countTagged(set *rules.Set) (enabled, tagged int) {
	for _, rule := range set.Rules {
		if rule.Enabled {
			enabled++
			if len(mitre.Of(rule.Tags).Techniques) > 0 {
				tagged++
			}
		}
	}
	return enabled, tagged
}

func countDistinct(found []covered, key func(covered) string) int {
	seen := map[string]bool{}
	for _, c := range found {
		if k := key(c); k != "" {
			seen[k] = true
		}
	}
	return len(seen)
}
