package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/operator"
)

// fieldInfo is a field as the command shows it.
type fieldInfo struct {
	Source   string `json:"source"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	List     bool   `json:"list,omitempty"`
	Argument string `json:"argument,omitempty"` // none is empty
	Use      string `json:"use,omitempty"`      // condition or output; both is empty
	Note     string `json:"note,omitempty"`     // why it never has a value, or that it is deprecated
	Desc     string `json:"description"`
}

func newFields() *cobra.Command {
	var source string
	cmd := &cobra.Command{
		Use:   "fields [PATTERN]",
		Short: "List the fields that conditions and outputs can name",
		Long: `fields lists what conditions can compare and outputs can print. PATTERN is a part
of the name, or a whole name with * for any text.

A field with an argument is written with brackets: proc.aname[2], evt.arg[flags].`,
		Example: `  lanner fields              all fields
  lanner fields container    whose name holds "container"
  lanner fields 'fd.*ip'     whose name matches a pattern`,
		Args: cobra.MaximumNArgs(1),
	}
	addSourceFlag(cmd, &source)
	output := addOutputFlag(cmd, formatText, formatJSON)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, err := sourceNamed(source)
		if err != nil {
			return err
		}
		pattern := strings.Join(args, "")
		found := findFields(from, pattern)
		if len(found) == 0 {
			return noField(from, pattern)
		}
		if output.value == formatJSON {
			return writeJSON(cmd.OutOrStdout(), found)
		}
		return writeTable(cmd.OutOrStdout(), fieldRows(found))
	}
	return cmd
}

func findFields(from []field.Source, pattern string) []fieldInfo {
	var found []fieldInfo
	for _, source := range from {
		for _, name := range source.Fields().Sorted() {
			if !matchesName(pattern, name) {
				continue
			}
			def, _ := source.Fields().Lookup(name)
			if def.Flags&field.TableOnly == 0 {
				found = append(found, describeField(source.Name(), def))
			}
		}
	}
	return found
}

// matchesName tells whether pattern is a part of name, or with * all of it.
func matchesName(pattern, name string) bool {
	if strings.Contains(pattern, "*") {
		return operator.Wildcard(pattern, name)
	}
	return strings.Contains(name, pattern)
}

func describeField(source string, def *field.Definition) fieldInfo {
	info := fieldInfo{
		Source: source, Name: def.Name, Type: operator.TypeName(def.Type), List: def.List,
		Argument: argumentText(def.Arg), Desc: def.Desc,
	}
	switch {
	case def.Flags&field.FilterOnly != 0:
		info.Use = "condition"
	case def.Flags&field.PrintOnly != 0:
		info.Use = "output"
	}
	switch {
	case def.Missing != "":
		info.Note = "never has a value: " + def.Missing
	case def.Flags&field.Deprecated != 0:
		info.Note = "deprecated"
	}
	return info
}

// argumentText is how the argument is written after the name.
func argumentText(mode field.ArgMode) string {
	kind := "key"
	if mode&field.ArgIndex != 0 {
		kind = "index"
		if mode&field.ArgKey != 0 {
			kind = "index or key"
		}
	}
	switch {
	case mode&field.ArgRequired != 0:
		return "[" + kind + "]"
	case mode&field.ArgOptional != 0:
		return "[" + kind + "], optional"
	}
	return ""
}

func fieldRows(found []fieldInfo) [][]string {
	rows := [][]string{{"FIELD", "TYPE", "DESCRIPTION"}}
	for _, info := range found {
		name, _, _ := strings.Cut(info.Argument, ",")
		kind := info.Type
		if info.List {
			kind = "list of " + kind
		}
		rows = append(rows, []string{info.Name + name, kind, describeText(info)})
	}
	return rows
}

// describeText is the description with what restricts the field.
func describeText(info fieldInfo) string {
	text := info.Desc
	if strings.HasSuffix(info.Argument, "optional") {
		text += " The argument is optional."
	}
	if info.Use != "" {
		text += fmt.Sprintf(" For %ss only.", info.Use)
	}
	if info.Note != "" {
		text += fmt.Sprintf(" (%s)", info.Note)
	}
	return text
}

func noField(from []field.Source, pattern string) error {
	var all []string
	for _, source := range from {
		all = append(all, source.Fields().Names()...)
	}
	if near := diag.Suggest(pattern, slices.Values(all)); near != "" {
		return fmt.Errorf("no field matches %q; did you mean %s?", pattern, near)
	}
	return fmt.Errorf("no field matches %q", pattern)
}
