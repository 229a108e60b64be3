// Package ruleconfig is the part of a component's configuration that says which
// rules run: all components that run rules have the same.
package ruleconfig

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/reload"
	"github.com/lannersec/lanner/internal/rulefiles"
)

// Config says which rules are evaluated.
type Config struct {
	// Files are rules files and directories of such, in the order in which they
	// load. A directory's files load in lexical order. "embedded:NAME" is a
	// file that comes with the component.
	Files []string `mapstructure:"files"`
	// MinPriority leaves out rules of lower priority.
	MinPriority string `mapstructure:"min_priority"`
	// Matching is "first", one detection an event, or "all".
	Matching string `mapstructure:"matching"`
	// Reload has the files watched, and changed rules take the place of those
	// that run.
	Reload reload.Config `mapstructure:"reload"`
	// Selection enables and disables rules, one step after the other.
	Selection []Step `mapstructure:"selection"`
	// AppendOutput adds to the outputs and values of detections.
	AppendOutput []Addition `mapstructure:"append_output"`
}

// Step is one step of the selection: it has either of the two.
type Step struct {
	Enable  *Selector `mapstructure:"enable"`
	Disable *Selector `mapstructure:"disable"`
}

// Selector picks rules by name, in which * stands for any text, or by tag.
type Selector struct {
	Rule string `mapstructure:"rule"`
	Tag  string `mapstructure:"tag"`
}

var (
	_ confmap.Validator = (*Config)(nil)
	_ confmap.Validator = (*Step)(nil)
)

// What matching may be.
const (
	MatchFirst = "first"
	MatchAll   = "all"
)

// Default is what holds where the user says nothing: all rules of a file.
func Default(file string) Config {
	return Config{
		Files: []string{file}, MinPriority: "debug", Matching: MatchFirst, Reload: reload.DefaultConfig(),
	}
}

// Validate checks all but the steps of the selection, which check themselves.
func (c *Config) Validate() error {
	var errs error
	if len(c.Files) == 0 {
		errs = errors.Join(errs, fmt.Errorf("files: name at least one rules file or directory, or leave the key out for the rules of the component, such as %q", rulefiles.Default))
	}
	for i, file := range c.Files {
		if file == "" {
			errs = errors.Join(errs, fmt.Errorf("files[%d]: is empty", i))
		}
	}
	if _, ok := rules.ParsePriority(c.MinPriority); !ok {
		errs = errors.Join(errs, fmt.Errorf("min_priority: %q is no priority; these are emergency, alert, critical, error, warning, notice, informational, debug", c.MinPriority))
	}
	if c.Matching != MatchFirst && c.Matching != MatchAll {
		errs = errors.Join(errs, fmt.Errorf("matching: %q is neither %q nor %q", c.Matching, MatchFirst, MatchAll))
	}
	return errs
}

// Validate checks one step of the selection.
func (s *Step) Validate() error {
	if (s.Enable == nil) == (s.Disable == nil) {
		return errors.New("a step has either enable or disable")
	}
	selector, key := s.Enable, "enable"
	if selector == nil {
		selector, key = s.Disable, "disable"
	}
	if (selector.Rule == "") == (selector.Tag == "") {
		return fmt.Errorf("%s: has either rule or tag", key)
	}
	return nil
}

// Options are the options of an engine that runs the rules on sources. Capture
// lists, by source, fields that every detection carries. The configuration is
// valid.
func (c *Config) Options(sources []field.Source, capture map[string][]string) engine.Options {
	priority, _ := rules.ParsePriority(c.MinPriority)
	opts := engine.Options{Config: rules.Config{
		Sources: sources, MinPriority: priority, Selection: selection(c.Selection), Capture: capture,
	}}
	add(&opts.Config, c.AppendOutput)
	if c.Matching == MatchAll {
		opts.Matching = engine.All
	}
	return opts
}

func selection(steps []Step) rules.Selection {
	var s rules.Selection
	for _, step := range steps {
		selector := step.Disable
		if step.Enable != nil {
			selector = step.Enable
		}
		choice := rules.Choice{Enable: step.Enable != nil, Match: rules.ByWildcard, Pattern: selector.Rule}
		if selector.Tag != "" {
			choice.Match, choice.Pattern = rules.ByTag, selector.Tag
		}
		s = append(s, choice)
	}
	return s
}
