package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// observe connects the observed instruments with what they observe.
func observe(b *metadata.TelemetryBuilder, eng *engine.Engine, s stream) error {
	return errors.Join(
		b.Observe(b.LannerEvents, func(_ context.Context, o metric.Int64Observer) error {
			for source, types := range eng.Stats().Events {
				for name, n := range types {
					o.Observe(int64(n), with("source", source, "type", name))
				}
			}
			return nil
		}),
		b.Observe(b.LannerRuleMatches, func(_ context.Context, o metric.Int64Observer) error {
			for _, rule := range eng.Stats().Rules {
				if rule.Enabled {
					o.Observe(int64(rule.Matches), with("rule", rule.Name, "priority", rule.Priority.String()))
				}
			}
			return nil
		}),
		b.Observe(b.LannerRules, func(_ context.Context, o metric.Int64Observer) error {
			loaded, enabled := countRules(eng)
			o.Observe(loaded, with("state", "loaded"))
			o.Observe(enabled, with("state", "enabled"))
			return nil
		}),
		b.Observe(b.LannerCaptureDrops, func(_ context.Context, o metric.Int64Observer) error {
			for _, d := range s.Stats().drops {
				o.Observe(int64(d.n), with("cause", d.cause, "type", d.eventType))
			}
			return nil
		}),
		b.Observe(b.LannerCaptureHooks, func(_ context.Context, o metric.Int64Observer) error {
			for _, h := range s.Stats().hooks {
				o.Observe(attached(h), with("hook", h.name))
			}
			return nil
		}),
		b.Observe(b.LannerCaptureRingSize, value(func() int64 { return s.Stats().ringSize })),
		b.Observe(b.LannerCaptureRingUsage, value(func() int64 { return s.Stats().ringUsage })),
		b.Observe(b.LannerProcesses, value(func() int64 { return s.Stats().threads })),
	)
}

func countRules(eng *engine.Engine) (loaded, enabled int64) {
	for _, rule := range eng.Set().Rules {
		loaded++
		if rule.Enabled {
			enabled++
		}
	}
	return loaded, enabled
}

func attached(h hook) int64 {
	if h.refused != nil {
		return 0
	}
	return 1
}

// value observes one number without attributes.
func value(read func() int64) metric.Int64Callback {
	return func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(read())
		return nil
	}
}

// with makes attributes from pairs of key and value.
func with(pairs ...string) metric.MeasurementOption {
	attrs := make([]attribute.KeyValue, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		attrs = append(attrs, attribute.String(pairs[i], pairs[i+1]))
	}
	return metric.WithAttributes(attrs...)
}
