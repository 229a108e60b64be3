// Package rulemetrics says in metrics what an engine does and which rules it
// runs: all components that run rules have the same metrics, each its own
// instruments.
package rulemetrics

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/mitre"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/ruleconfig"
)

// Instruments are those of a component's metadata.yaml.
type Instruments struct {
	Events, Matches, Evaluations, Errors, Samples metric.Int64Observable
	SampledTime                                   metric.Float64Observable
	Rules, Reloads, Files                         metric.Int64Observable
	LoadTime, LoadDuration                        metric.Float64Observable
	Tactics                                       metric.Int64Observable
}

// All are the instruments, to be registered with Observe.
func (i *Instruments) All() []metric.Observable {
	return []metric.Observable{
		i.Events, i.Matches, i.Evaluations, i.Errors, i.Samples, i.SampledTime,
		i.Rules, i.Reloads, i.Files, i.LoadTime, i.LoadDuration, i.Tactics,
	}
}

// Callback observes all instruments.
func (i *Instruments) Callback(eng *engine.Engine, loads *ruleconfig.State) metric.Callback {
	return func(_ context.Context, o metric.Observer) error {
		i.observeEngine(eng.Stats(), o)
		i.observeLoads(loads, o)
		return nil
	}
}

func (i *Instruments) observeEngine(stats engine.Stats, o metric.Observer) {
	for source, types := range stats.Events {
		for name, n := range types {
			o.ObserveInt64(i.Events, int64(n), With("source", source, "type", name))
		}
	}
	enabled := 0
	for _, rule := range stats.Rules {
		if rule.Enabled {
			enabled++
			i.observeRule(&rule, o)
		}
	}
	o.ObserveInt64(i.Rules, int64(len(stats.Rules)), With("state", "loaded"))
	o.ObserveInt64(i.Rules, int64(enabled), With("state", "enabled"))
}

func (i *Instruments) observeRule(rule *engine.RuleStats, o metric.Observer) {
	o.ObserveInt64(i.Matches, int64(rule.Matches), With("rule", rule.Name, "priority", rule.Priority.String()))
	name := With("rule", rule.Name)
	o.ObserveInt64(i.Evaluations, int64(rule.Evaluations), name)
	o.ObserveInt64(i.Errors, int64(rule.Errors), name)
	o.ObserveInt64(i.Samples, int64(rule.Samples), name)
	o.ObserveFloat64(i.SampledTime, rule.Sampled.Seconds(), name)
}

func (i *Instruments) observeLoads(loads *ruleconfig.State, o metric.Observer) {
	outcomes, loaded := loads.Snapshot()
	for result, n := range outcomes {
		o.ObserveInt64(i.Reloads, n, With("result", result))
	}
	o.ObserveInt64(i.Rules, int64(loaded.Set.Skipped), With("state", "skipped"))
	o.ObserveFloat64(i.LoadTime, float64(loaded.Time.UnixNano())/float64(time.Second))
	o.ObserveFloat64(i.LoadDuration, loaded.Took.Seconds())
	for _, file := range loaded.Files {
		o.ObserveInt64(i.Files, 1, With("file", file.Name, "sha256", file.SHA256))
	}
	for _, rule := range loaded.Set.Rules {
		if rule.Enabled {
			i.observeTactics(rule, o)
		}
	}
}

func (i *Instruments) observeTactics(rule *rules.Rule, o metric.Observer) {
	for _, tactic := range mitre.Of(rule.Tags).Tactics {
		o.ObserveInt64(i.Tactics, 1, With("rule", rule.Name, "tactic", tactic.Name))
	}
}

// With makes attributes from pairs of key and value.
func With(pairs ...string) metric.MeasurementOption {
	attrs := make([]attribute.KeyValue, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		attrs = append(attrs, attribute.String(pairs[i], pairs[i+1]))
	}
	return metric.WithAttributes(attrs...)
}
