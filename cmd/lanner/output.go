package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/diag"
)

// The values of --output.
const (
	formatText     = "text"
	formatJSON     = "json"
	formatSARIF    = "sarif"
	formatMarkdown = "markdown"
)

// outputFlag is the value of --output: one of a fixed set of words.
type outputFlag struct {
	value   string
	allowed []string
}

// addOutputFlag adds --output; the first of the words is the default.
func addOutputFlag(cmd *cobra.Command, allowed ...string) *outputFlag {
	flag := &outputFlag{allowed[0], allowed}
	cmd.Flags().VarP(flag, "output", "o", "form of the output: "+strings.Join(allowed, ", "))
	complete(cmd, "output", allowed...)
	return flag
}

// String is the word.
func (f *outputFlag) String() string { return f.value }

// Set takes one of the allowed words.
func (f *outputFlag) Set(word string) error {
	if !slices.Contains(f.allowed, word) {
		return fmt.Errorf("must be one of %s", strings.Join(f.allowed, ", "))
	}
	f.value = word
	return nil
}

// Type names the value in the help text.
func (f *outputFlag) Type() string { return "form" }

// writeJSON writes v indented.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// writeTable writes rows in aligned columns; the first row is the heading.
func writeTable(w io.Writer, rows [][]string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := io.WriteString(table, strings.Join(row, "\t")+"\n"); err != nil {
			return err
		}
	}
	return table.Flush()
}

// terminal is how diagnostics are rendered to w.
func terminal(w io.Writer) diag.Options {
	if f, ok := w.(*os.File); ok {
		return diag.TerminalOptions(f)
	}
	return diag.Options{}
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
