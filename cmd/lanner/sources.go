package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/catalog"
)

// sources are the event sources that rules are checked against.
func sources() []field.Source {
	return catalog.All()
}

func sourceNames() []string {
	var names []string
	for _, source := range sources() {
		names = append(names, source.Name())
	}
	return names
}

// sourceNamed finds the sources that a --source flag asks for; an empty name is all.
func sourceNamed(name string) ([]field.Source, error) {
	if name == "" {
		return sources(), nil
	}
	all := sources()
	i := slices.IndexFunc(all, func(s field.Source) bool { return s.Name() == name })
	if i < 0 {
		return nil, fmt.Errorf("no event source %q; there are %s", name, strings.Join(sourceNames(), ", "))
	}
	return all[i : i+1], nil
}

// addSourceFlag adds --source, completed from the sources.
func addSourceFlag(cmd *cobra.Command, value *string) {
	cmd.Flags().StringVarP(value, "source", "s", "", "only this event source: "+strings.Join(sourceNames(), ", "))
	complete(cmd, "source", sourceNames()...)
}

// complete offers words for a flag. It cannot fail for a flag that exists.
func complete(cmd *cobra.Command, flag string, words ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
