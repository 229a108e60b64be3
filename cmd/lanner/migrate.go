package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/internal/migrate"
)

func newMigrate() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate FALCO.YAML",
		Short: "Make a Collector configuration of a falco.yaml",
		Long: `migrate reads a falco.yaml and writes a Collector configuration that does the same:
rules files, their selection and priority go to the runtime_security receiver,
outputs become exporters. What has no counterpart is said on standard error, and in
the configuration as a comment. The rules files themselves stay as they are.`,
		Example: `  lanner migrate /etc/falco/falco.yaml > config.yaml`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			result, err := migrate.Migrate(source)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, note := range result.Notes {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", args[0], note)
			}
			_, err = cmd.OutOrStdout().Write(result.Config)
			return err
		},
	}
}
