package runtimesecurityreceiver

import (
	"fmt"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/reload"
	"github.com/lannersec/lanner/otelmap"
)

// loadEngine makes an engine with the rules of the configuration. Warnings go
// to the log; the error holds every problem of every file, with its place.
func loadEngine(cfg *Config, source field.Source, log *zap.Logger) (*engine.Engine, *reload.Result, error) {
	for i, key := range cfg.Noise.Aggregate.Keys {
		if def, _, _ := source.Fields().Resolve(key); def == nil {
			return nil, nil, fmt.Errorf("noise::aggregate::keys[%d]: there is no field %q", i, key)
		}
	}
	eng := engine.New(engineOptions(cfg, source))
	result := reload.Load(eng, cfg.Rules.Files)
	if result.Err != nil {
		return nil, nil, result.Err
	}
	logWarnings(result, log)
	log.Info("Rules are loaded", zap.Int("files", len(result.Files)),
		zap.Int("rules", len(result.Set.Rules)), zap.Int("enabled", result.Enabled()))
	return eng, result, nil
}

func engineOptions(c *Config, source field.Source) engine.Options {
	cfg := &c.Rules
	// Validate has seen the word.
	priority, _ := rules.ParsePriority(cfg.MinPriority)
	opts := engine.Options{Config: rules.Config{
		Sources:     []field.Source{source},
		MinPriority: priority,
		Selection:   selection(cfg.Selection),
		Capture:     map[string][]string{source.Name(): append(otelmap.Fields(source), c.Noise.Aggregate.Keys...)},
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
