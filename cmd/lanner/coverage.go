package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/mitre"
	"github.com/lannersec/lanner/engine/rules"
)

// covered is a technique with the enabled rules that detect it.
type covered struct {
	technique string
	tactics   []string // that these rules name, in the order of the matrix
	rules     []string
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

// coverageOf collects the techniques by id. Rules name tactics beside them, but
// not which technique is part of which: that is the matrix's knowledge.
func coverageOf(set *rules.Set) []covered {
	byID := map[string]*covered{}
	for _, rule := range set.Rules {
		if !rule.Enabled {
			continue
		}
		threat := mitre.Of(rule.Tags)
		for _, id := range techniques(threat) {
			if byID[id] == nil {
				byID[id] = &covered{technique: id}
			}
			byID[id].rules = append(byID[id].rules, rule.Name)
			byID[id].addTactics(threat.Tactics)
		}
	}
	var found []covered
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		found = append(found, *byID[id])
	}
	return found
}

func (c *covered) addTactics(named []mitre.Tactic) {
	var ordered []string
	for _, tactic := range mitre.Tactics() {
		if slices.Contains(c.tactics, tactic.Name) || slices.Contains(named, tactic) {
			ordered = append(ordered, tactic.Name)
		}
	}
	c.tactics = ordered
}

// writeCoverage writes the Markdown table, and what is not in it.
func writeCoverage(w io.Writer, found []covered, set *rules.Set) error {
	var b strings.Builder
	b.WriteString("| Technique | Tactics | Rules |\n|---|---|---|\n")
	tactics := map[string]bool{}
	for _, c := range found {
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s |\n",
			c.technique, techniqueURL(c.technique), strings.Join(c.tactics, ", "), strings.Join(c.rules, "<br>"))
		for _, tactic := range c.tactics {
			tactics[tactic] = true
		}
	}
	enabled, tagged := countTagged(set)
	fmt.Fprintf(&b, "\n%s enabled, %d of them name a technique; %s in %d of %d tactics.\n",
		plural(enabled, "rule"), tagged, plural(len(found), "technique"), len(tactics), len(mitre.Tactics()))
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
