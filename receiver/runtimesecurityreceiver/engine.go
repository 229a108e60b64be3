package runtimesecurityreceiver

import (
	"fmt"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
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
	return c.Rules.Options([]field.Source{source}, map[string][]string{
		source.Name(): append(otelmap.Fields(source), c.Noise.Aggregate.Keys...),
	})
}
