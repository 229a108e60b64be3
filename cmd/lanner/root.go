package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// newRoot makes the command with all its subcommands.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lanner",
		Short: "Check, test, format and explain security rules",
		Long: `lanner is the tool of rule authors.

Rules are written in Falco's rule language. Where no file is named, the commands
that describe rules take the rules that Lanner comes with (` + defaultRules + `).

  lanner check my_rules.yaml         every problem of a file, with its place and remedy
  lanner test my_rules.test          run scripts that say which events fire which rules
  lanner fields proc                 what conditions can compare
  lanner explain "Terminal shell"    what a rule does in the end, macros expanded

Colour is used on terminals only, and not where NO_COLOR is set.`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		newCheck(), newTest(), newFormat(),
		newFields(), newEvents(),
		newExplain(), newList(), newCoverage(),
		newMigrate(), newReplay(), newRecord(),
	)
	return root
}

// version is the module's version as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}
