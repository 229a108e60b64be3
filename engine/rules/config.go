package rules

import (
	"slices"

	"github.com/lannersec/lanner/engine/field"
)

// Config is what loading depends on besides the files.
type Config struct {
	// Sources are the event sources; rules of others are left out with a warning.
	Sources []field.Source
	// Plugins is what required_plugin_versions is checked with. What is missing
	// is a warning: rules that need it are left out by their source anyway.
	Plugins []Plugin
	// MinPriority leaves out rules that are less urgent; 0 leaves out none.
	MinPriority Priority
	// Selection switches rules on and off after the files have had their say.
	Selection Selection
	// ExtraOutput is appended to the outputs of rules.
	ExtraOutput []ExtraOutput
	// ExtraFields are values that detections carry besides those of the output.
	ExtraFields []ExtraField
	// Lint also reports what is legal in rules and probably not meant: conditions
	// that are never true, rules that never get their turn, exceptions that
	// anybody can claim.
	Lint bool
	// Capture lists, by source, fields that every detection carries.
	Capture map[string][]string
}

// Scope is the rules that an addition is for. Empty parts stand for all.
type Scope struct {
	Source string
	Rule   string   // by exact name
	Tags   []string // the rule must have all of them
}

func (s Scope) holds(r *ruleInfo) bool {
	return (s.Source == "" || s.Source == r.source) &&
		(s.Rule == "" || s.Rule == r.name.text) &&
		!slices.ContainsFunc(s.Tags, func(tag string) bool { return !slices.Contains(r.tags, tag) })
}

// ExtraOutput is text appended to the outputs of the rules in its scope.
type ExtraOutput struct {
	Scope
	Format string
}

// ExtraField is a value added to the detections of the rules in its scope: a
// field's own value (Raw), or the text of a format.
type ExtraField struct {
	Scope
	Key    string
	Format string
	Raw    bool
}
