package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/rules"
)

func newCheck() *cobra.Command {
	var strict bool
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Report every problem of rules files",
		Long: `check loads rules files as the Collector would: in the given order, a directory's
files by name. A file may append to or override what an earlier one defines, so
name all files that belong together in one run.

It reports all problems of all files at once, each with its place in the file,
what is wrong and what to write instead. Besides what the Collector reports it
warns of conditions that are never true, of rules that an earlier one always
pre-empts, and of exceptions that rest on values the watched process chooses.
It fails if there is an error; with
--strict also if there is a warning.`,
		Example: `  lanner check falco_rules.yaml local_rules.yaml
  lanner check --strict rules/
  lanner check -o sarif rules/ > lanner.sarif`,
		Args: cobra.MinimumNArgs(1),
	}
	output := addOutputFlag(cmd, formatText, formatJSON, formatSARIF)
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		set, problems, err := loadRules(args, true)
		if err != nil {
			return err
		}
		if err := writeProblems(cmd, output.value, problems, set); err != nil {
			return err
		}
		if problems.HasErrors() || strict && len(problems) > 0 {
			return errReported
		}
		return nil
	}
	return cmd
}

func writeProblems(cmd *cobra.Command, format string, problems diag.List, set *rules.Set) error {
	w := cmd.OutOrStdout()
	switch format {
	case formatJSON:
		return problems.WriteJSON(w)
	case formatSARIF:
		return problems.WriteSARIF(w, "lanner")
	}
	if err := problems.Write(w, terminal(w)); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s loaded: %s, %s\n", plural(len(set.Rules), "rule"),
		plural(len(problems.Errors()), "error"), plural(len(problems.Warnings()), "warning"))
	return nil
}
