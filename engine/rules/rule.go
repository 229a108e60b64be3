package rules

import (
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/output"
)

// Rule is a rule as loaded and compiled. It is immutable.
type Rule struct {
	Name     string
	Desc     string
	Source   string
	Priority Priority
	Tags     []string
	// Enabled tells whether events are matched with it, after the file's own
	// enabled key, the selection and the minimum priority.
	Enabled bool
	// Capture and CaptureDuration (milliseconds, 0: the default) ask for the
	// events around a match to be recorded.
	Capture         bool
	CaptureDuration int
	// File and Line are where the rule was first defined.
	File string
	Line int

	// ConditionText is the condition as written, with what was appended; lists,
	// macros and exceptions stand in it as names or not at all.
	ConditionText string
	// OutputText is the output as written, with what was added to it.
	OutputText string
	// Exceptions, Macros and Lists are the names of the rule's exceptions, and of
	// the macros and lists that its condition names.
	Exceptions, Macros, Lists []string

	// Expr is the condition that is compiled: exceptions, lists and macros are in it.
	Expr      filter.Node
	Condition *compile.Condition
	Output    *output.Format
	Extra     []ExtraValue

	// Fields are what a detection carries: the values that the output names, and
	// those of the configuration.
	Fields []output.Field

	// Index is the rule's number in its Set, for counters.
	Index int
}

// ExtraValue is a text that a detection carries besides its output.
type ExtraValue struct {
	Name   string
	Format *output.Format
}

// List is a list as loaded, for those who describe rules.
type List struct {
	Name    string
	Written []string // the items as written
	Items   []string // lists among them are replaced by their items
	Lists   []string // the names of those lists
	Used    bool
}

// Macro is a macro as loaded, for those who describe rules.
type Macro struct {
	Name          string
	ConditionText string
	Expr          filter.Node // expanded; nil if it could not be
	// Macros and Lists are the names that its condition has in it.
	Macros, Lists []string
	Used          bool
}
