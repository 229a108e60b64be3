package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// observe connects the observed instruments with what they observe. Engine and
// stream are asked once for each collection of metrics.
func observe(b *metadata.TelemetryBuilder, eng *engine.Engine, s stream) error {
	return errors.Join(
		b.Observe(func(_ context.Context, o metric.Observer) error {
			observeEngine(b, eng.Stats(), o)
			return nil
		}, b.LannerEvents, b.LannerRuleMatches, b.LannerRules),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			observeStream(b, s.Stats(), o)
			return nil
		}, b.LannerCaptureDrops, b.LannerCaptureHooks, b.LannerCaptureRingSize, b.LannerCaptureRingUsage,
			b.LannerProcesses, b.LannerProcessesChanges),
	)
}

func observeEngine(b *metadata.TelemetryBuilder, stats engine.Stats, o metric.Observer) {
	for source, types := range stats.Events {
		for name, n := range types {
			o.ObserveInt64(b.LannerEvents, int64(n), with("source", source, "type", name))
		}
	}
	enabled := 0
	for _, rule := range stats.Rules {
		if rule.Enabled {
			enabled++
			o.ObserveInt64(b.LannerRuleMatches, int64(rule.Matches), with("rule", rule.Name, "priority", rule.Priority.String()))
		}
	}
	o.ObserveInt64(b.LannerRules, int64(len(stats.Rules)), with("state", "loaded"))
	o.ObserveInt64(b.LannerRules, int64(enabled), with("state", "enabled"))
}

func observeStream(b *metadata.TelemetryBuilder, stats streamStats, o metric.Observer) {
	for d, n := range stats.drops {
		o.ObserveInt64(b.LannerCaptureDrops, int64(n), with("cause", d.cause, "type", d.eventType))
	}
	for _, h := range stats.hooks {
		o.ObserveInt64(b.LannerCaptureHooks, attached(h), with("hook", h.name))
	}
	o.ObserveInt64(b.LannerCaptureRingSize, stats.ringSize)
	o.ObserveInt64(b.LannerCaptureRingUsage, stats.ringUsage)
	o.ObserveInt64(b.LannerProcesses, stats.threads)
	for change, n := range stats.changes {
		o.ObserveInt64(b.LannerProcessesChanges, int64(n), with("change", change))
	}
}

func attached(h hook) int64 {
	if h.refused != nil {
		return 0
	}
	return 1
}

// with makes attributes from pairs of key and value.
func with(pairs ...string) metric.MeasurementOption {
	attrs := make([]attribute.KeyValue, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		attrs = append(attrs, attribute.String(pairs[i], pairs[i+1]))
	}
	return metric.WithAttributes(attrs...)
}
