package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"strings"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/otelmap"
)

// loadEngine makes an engine with the rules of the configuration. Warnings go
// to the log; the error holds every problem of every file, with its place.
func loadEngine(cfg *RulesConfig, source field.Source, log *zap.Logger) (*engine.Engine, error) {
	files, err := rulefiles.Read(cfg.Files)
	if err != nil {
		return nil, err
	}
	eng := engine.New(engineOptions(cfg, source))
	report := eng.Load(files)
	for _, warning := range report.Diagnostics.Warnings() {
		log.Warn("Rules: " + warning.String())
	}
	if !report.Loaded {
		return nil, brokenRules(report.Diagnostics.Errors())
	}
	log.Info("Rules are loaded", zap.Int("files", len(files)),
		zap.Int("rules", len(report.Set.Rules)), zap.Int("enabled", report.Enabled()))
	return eng, nil
}

func engineOptions(cfg *RulesConfig, source field.Source) engine.Options {
	// Validate has seen the word.
	priority, _ := rules.ParsePriority(cfg.MinPriority)
	opts := engine.Options{Config: rules.Config{
		Sources:     []field.Source{source},
		MinPriority: priority,
		Selection:   selection(cfg.Selection),
		Capture:     map[string][]string{source.Name(): otelmap.Fields(source)},
	}}
	if cfg.Matching == matchAll {
		opts.Matching = engine.All
	}
	return opts
}

func selection(steps []SelectionConfig) rules.Selection {
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

// maxProblems bounds how many problems the error of a start shows.
const maxProblems = 20

// brokenRules renders diagnostics as the error that ends the start.
func brokenRules(list diag.List) error {
	var text strings.Builder
	fmt.Fprintf(&text, "rules do not load, %d problem(s):\n", len(list))
	if err := list[:min(len(list), maxProblems)].Write(&text, diag.Options{}); err != nil {
		return err
	}
	if len(list) > maxProblems {
		fmt.Fprintf(&text, "and %d more: lanner check shows all", len(list)-maxProblems)
	}
	return errors.New(strings.TrimSpace(text.String()))
}
