package main

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulefiles"
)

// defaultRules is what is described where no file is named.
const defaultRules = rulefiles.Default

// addRulesFlag adds --rules to commands whose arguments are something else.
func addRulesFlag(cmd *cobra.Command, files *[]string) {
	cmd.Flags().StringSliceVarP(files, "rules", "r", []string{defaultRules}, "rules files or directories, loaded in this order")
}

// loadRules reads and compiles files. Files that cannot be read are an error;
// what is wrong in them are diagnostics. With lint, so is what is legal and
// probably not meant.
func loadRules(names []string, lint bool) (*rules.Set, diag.List, error) {
	files, err := rulefiles.Read(names)
	if err != nil {
		return nil, nil, err
	}
	if len(files) == 0 {
		return nil, nil, errors.New("no rules files found")
	}
	set, problems := rules.Load(files, rules.Config{Sources: sources(), Lint: lint})
	return set, problems, nil
}

// mustLoad is loadRules for commands that describe rules: errors in the rules
// are shown on stderr and end the command.
func mustLoad(cmd *cobra.Command, names []string) (*rules.Set, error) {
	set, problems, err := loadRules(names, false)
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		if err := problems.Errors().Write(cmd.ErrOrStderr(), terminal(cmd.ErrOrStderr())); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	return set, nil
}

// filesOrDefault are the files that the arguments name.
func filesOrDefault(args []string) []string {
	if len(args) == 0 {
		return []string{defaultRules}
	}
	return args
}

// sortedRules lists rules by name.
func sortedRules(set *rules.Set) []*rules.Rule {
	list := slices.Clone(set.Rules)
	slices.SortStableFunc(list, byName)
	return list
}

func byName(a, b *rules.Rule) int {
	switch {
	case a.Name < b.Name:
		return -1
	case a.Name > b.Name:
		return 1
	}
	return 0
}
