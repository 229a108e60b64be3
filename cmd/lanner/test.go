package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/internal/ruletest"
)

// scriptSuffix marks test scripts in a directory.
const scriptSuffix = ".test"

func newTest() *cobra.Command {
	var watch bool
	cmd := &cobra.Command{
		Use:   "test FILE…",
		Short: "Run script tests of rules",
		Long: `test runs scripts that load rules, describe processes and events, and say what must
fire. Of a directory it runs the files that end in ` + scriptSuffix + `, also of those within.
docs/testing-rules.md explains the language.

With --watch it runs them again whenever a script or a rules file changes.`,
		Example: `  lanner test rules/
  lanner test --watch my_rules.test`,
		Args: cobra.MinimumNArgs(1),
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "run again when a file changes, until interrupted")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if watch {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
			defer stop()
			return watchScripts(ctx, cmd.OutOrStdout(), args)
		}
		_, err := runScripts(cmd.OutOrStdout(), args)
		return err
	}
	return cmd
}

// runScripts runs scripts and lists the files that they depend on. The error is
// errReported where a script failed.
func runScripts(w io.Writer, args []string) (files []string, err error) {
	scripts, err := findScripts(args)
	if err != nil {
		return args, err
	}
	if len(scripts) == 0 {
		return args, fmt.Errorf("no %s files found", scriptSuffix)
	}
	var failed, expectations int
	for _, script := range scripts {
		files = append(files, script)
		result, err := ruletest.File(script, ruletest.Options{})
		if err != nil {
			return files, err
		}
		files = append(files, result.Files...)
		expectations += result.Expectations
		if result.Failed() {
			failed++
		}
		for _, failure := range result.Failures {
			fmt.Fprintln(w, failure)
		}
	}
	fmt.Fprintf(w, "%s with %s: %d failed\n", plural(len(scripts), "script"), plural(expectations, "expectation"), failed)
	if failed > 0 {
		return files, errReported
	}
	return files, nil
}

// findScripts lists the scripts that names stand for.
func findScripts(names []string) ([]string, error) {
	var scripts []string
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, entry os.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && (path == name || filepath.Ext(path) == scriptSuffix) {
				scripts = append(scripts, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return scripts, nil
}

// pollInterval is how often watched files are looked at.
const pollInterval = 500 * time.Millisecond

// watchScripts runs scripts again and again until ctx ends.
func watchScripts(ctx context.Context, w io.Writer, args []string) error {
	for {
		files, err := runScripts(w, args)
		if err != nil && !errors.Is(err, errReported) {
			fmt.Fprintln(w, err)
		}
		if !waitForChange(ctx, args, files) {
			return nil
		}
		fmt.Fprintln(w)
	}
}

// waitForChange is true when a file has changed or a script has come or gone,
// false when ctx has ended.
func waitForChange(ctx context.Context, args, files []string) bool {
	before := stampOf(args, files)
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
			if !slices.Equal(stampOf(args, files), before) {
				return true
			}
		}
	}
}

// stampOf is the names, times and sizes of the files, and the scripts there are.
func stampOf(args, files []string) []string {
	scripts, _ := findScripts(args) // what is gone shows as a change
	stamps := slices.Clone(scripts)
	for _, file := range files {
		stamp := file
		if info, err := os.Stat(file); err == nil {
			stamp = fmt.Sprint(file, info.ModTime().UnixNano(), info.Size())
		}
		stamps = append(stamps, stamp)
	}
	return stamps
}
