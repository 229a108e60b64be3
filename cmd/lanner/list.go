package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/rules"
)

// ruleInfo is a rule in a list.
type ruleInfo struct {
	Name     string   `json:"name"`
	Priority string   `json:"priority"`
	Source   string   `json:"source"`
	Enabled  bool     `json:"enabled"`
	Tags     []string `json:"tags"`
	File     string   `json:"file"`
	Line     int      `json:"line"`
}

func newList() *cobra.Command {
	var tag string
	cmd := &cobra.Command{
		Use:   "list [FILE…]",
		Short: "List rules",
		Example: `  lanner list                          the rules that Lanner comes with
  lanner list falco_rules.yaml -o json
  lanner list --tag mitre_persistence`,
	}
	output := addOutputFlag(cmd, formatText, formatJSON)
	cmd.Flags().StringVarP(&tag, "tag", "t", "", "only rules with this tag")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		set, err := mustLoad(cmd, filesOrDefault(args))
		if err != nil {
			return err
		}
		found := listRules(set, tag)
		if output.value == formatJSON {
			return writeJSON(cmd.OutOrStdout(), found)
		}
		return writeTable(cmd.OutOrStdout(), ruleRows(found))
	}
	return cmd
}

func listRules(set *rules.Set, tag string) []ruleInfo {
	found := []ruleInfo{}
	for _, rule := range sortedRules(set) {
		if tag != "" && !(rules.Choice{Match: rules.ByTag, Pattern: tag}).Finds(rule.Name, rule.Tags) {
			continue
		}
		found = append(found, ruleInfo{
			Name: rule.Name, Priority: rule.Priority.String(), Source: rule.Source, Enabled: rule.Enabled,
			Tags: rule.Tags, File: rule.File, Line: rule.Line,
		})
	}
	return found
}

func ruleRows(found []ruleInfo) [][]string {
	rows := [][]string{{"RULE", "PRIORITY", "SOURCE", "STATE", "TAGS"}}
	for _, info := range found {
		state := "enabled"
		if !info.Enabled {
			state = "disabled"
		}
		rows = append(rows, []string{info.Name, info.Priority, info.Source, state, strings.Join(info.Tags, " ")})
	}
	return rows
}
