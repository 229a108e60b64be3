package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/internal/rulesfmt"
)

func newFormat() *cobra.Command {
	var write, check bool
	cmd := &cobra.Command{
		Use:   "fmt FILE…",
		Short: "Lay out rules files in the one canonical way",
		Long: `fmt writes rules files with keys in a fixed order, one blank line between items and
conditions broken at their operators. Comments stay with what they stand at, and the
rules mean what they meant: a file of which that cannot be said is left as it is.

Without a flag the result goes to standard output; the file "-" is standard input.`,
		Example: `  lanner fmt my_rules.yaml
  lanner fmt -w rules/
  lanner fmt --check rules/    fail where a file is not formatted, for CI`,
		Args: cobra.MinimumNArgs(1),
	}
	cmd.Flags().BoolVarP(&write, "write", "w", false, "write the result to the file")
	cmd.Flags().BoolVar(&check, "check", false, "only name the files that are not formatted, and fail if there are any")
	cmd.MarkFlagsMutuallyExclusive("write", "check")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		paths, err := expandAll(args)
		if err != nil {
			return err
		}
		var unformatted bool
		for _, path := range paths {
			changed, err := formatFile(cmd, path, write, check)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			unformatted = unformatted || changed
		}
		if check && unformatted {
			return errReported
		}
		return nil
	}
	return cmd
}

func expandAll(names []string) ([]string, error) {
	var (
		paths []string
		errs  error
	)
	for _, name := range names {
		if name == "-" {
			paths = append(paths, name)
			continue
		}
		if strings.HasPrefix(name, rulefiles.Prefix) {
			errs = errors.Join(errs, fmt.Errorf("%s is part of the program and cannot be formatted", name))
			continue
		}
		expanded, err := rulefiles.Expand(name)
		errs = errors.Join(errs, err)
		paths = append(paths, expanded...)
	}
	return paths, errs
}

// formatFile formats one file and tells whether that changes it.
func formatFile(cmd *cobra.Command, path string, write, check bool) (changed bool, err error) {
	source, err := readFile(cmd, path)
	if err != nil {
		return false, err
	}
	formatted, err := rulesfmt.Format(source)
	if err != nil {
		return false, err
	}
	changed = !bytes.Equal(source, formatted)
	switch {
	case check && changed:
		_, err = fmt.Fprintln(cmd.OutOrStdout(), path)
	case write && changed && path != "-":
		err = replaceFile(path, formatted)
	case !check && !write || path == "-":
		_, err = cmd.OutOrStdout().Write(formatted)
	}
	return changed, err
}

func readFile(cmd *cobra.Command, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(path)
}

// replaceFile keeps the file's mode. It writes a new file first, so that a full
// disk does not cost the old one; a symbolic link stays one.
func replaceFile(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if target, err := os.Readlink(path); err == nil && target != "" {
		return os.WriteFile(path, data, info.Mode().Perm())
	}
	fresh := path + ".lanner-fmt"
	if err := os.WriteFile(fresh, data, info.Mode().Perm()); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return os.Rename(fresh, path)
}
