package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/syscall"
)

// eventInfo is an event type as the command shows it.
type eventInfo struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Parameters []string `json:"parameters,omitempty"`
}

// eventKinds are the kinds' names.
var eventKinds = map[syscall.Kind]string{
	syscall.KindSyscall:    "system call",
	syscall.KindTracepoint: "tracepoint",
	syscall.KindMetaevent:  "internal",
	syscall.KindPlugin:     "plugin",
	syscall.KindIter:       "iterator",
	syscall.KindGeneric:    "system call, by name only",
}

func newEvents() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events [PATTERN]",
		Short: "List the event types that evt.type can be compared with",
		Long: `events lists the event types of the syscall source and their parameters, which
conditions and outputs reach as evt.arg[NAME]. PATTERN is a part of the name, or a
whole name with * for any text.`,
		Example: `  lanner events open
  lanner events 'set*id' -o json`,
		Args: cobra.MaximumNArgs(1),
	}
	output := addOutputFlag(cmd, formatText, formatJSON)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		pattern := strings.Join(args, "")
		found := findEvents(pattern)
		if len(found) == 0 {
			return noEvent(pattern)
		}
		if output.value == formatJSON {
			return writeJSON(cmd.OutOrStdout(), found)
		}
		return writeTable(cmd.OutOrStdout(), eventRows(found))
	}
	return cmd
}

func findEvents(pattern string) []eventInfo {
	parameters := newestParameters()
	var found []eventInfo
	for i := range syscall.Types().Len() {
		id := event.TypeID(i)
		name := syscall.Types().Name(id)
		if matchesName(pattern, name) {
			found = append(found, eventInfo{name, eventKinds[syscall.TypeKind(id)], parameters[id]})
		}
	}
	slices.SortFunc(found, func(a, b eventInfo) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// newestParameters are the parameter names of each type's newest exit encoding.
func newestParameters() map[event.TypeID][]string {
	parameters := map[event.TypeID][]string{}
	for num := range syscall.Numbers() {
		info := syscall.Info(uint16(num))
		if info == nil || info.Flags&syscall.OldVersion != 0 || info.Kind == syscall.KindGeneric || !info.Exit() {
			continue
		}
		var names []string
		for _, param := range info.Params {
			names = append(names, param.Name)
		}
		parameters[info.ID] = names
	}
	return parameters
}

func eventRows(found []eventInfo) [][]string {
	rows := [][]string{{"EVENT", "KIND", "PARAMETERS"}}
	for _, info := range found {
		rows = append(rows, []string{info.Name, info.Kind, strings.Join(info.Parameters, " ")})
	}
	return rows
}

func noEvent(pattern string) error {
	if near := diag.Suggest(pattern, syscall.Types().All()); near != "" {
		return fmt.Errorf("no event type matches %q; did you mean %s?", pattern, near)
	}
	return fmt.Errorf("no event type matches %q", pattern)
}
