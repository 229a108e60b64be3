package runtimesecurityreceiver

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// observe connects the observed instruments with what they observe. Each part of
// the receiver is asked once for each collection of metrics.
func (r *securityReceiver) observe() error {
	b := r.telemetry
	return errors.Join(
		b.Observe(func(_ context.Context, o metric.Observer) error {
			observeEngine(b, r.engine.Stats(), o)
			return nil
		}, b.LannerEvents, b.LannerRuleMatches, b.LannerRuleEvaluations, b.LannerRuleErrors,
			b.LannerRuleSamples, b.LannerRuleSampledTime, b.LannerRules),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			observeStream(b, r.stream.Stats(), o)
			return nil
		}, b.LannerCaptureEvents, b.LannerCaptureDrops, b.LannerCaptureHooks, b.LannerCaptureRingSize,
			b.LannerCaptureRingUsage, b.LannerProcesses, b.LannerProcessesChanges),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			r.observeHealth(o)
			return nil
		}, b.LannerHeartbeats, b.LannerCaptureLag, b.LannerVisibilityGaps, b.LannerInfo),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			r.observeRules(o)
			return nil
		}, b.LannerRulesReloads, b.LannerRulesLoadTime, b.LannerRulesLoadDuration, b.LannerRulesFiles),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			r.observeDelivery(o)
			return nil
		}, b.LannerDetectionsLost, b.LannerDetectionsWaiting, b.LannerDetectionsCapacity, b.LannerDetectionsWithheld),
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
			observeRule(b, &rule, o)
		}
	}
	o.ObserveInt64(b.LannerRules, int64(len(stats.Rules)), with("state", "loaded"))
	o.ObserveInt64(b.LannerRules, int64(enabled), with("state", "enabled"))
}

func observeRule(b *metadata.TelemetryBuilder, rule *engine.RuleStats, o metric.Observer) {
	o.ObserveInt64(b.LannerRuleMatches, int64(rule.Matches), with("rule", rule.Name, "priority", rule.Priority.String()))
	name := with("rule", rule.Name)
	o.ObserveInt64(b.LannerRuleEvaluations, int64(rule.Evaluations), name)
	o.ObserveInt64(b.LannerRuleErrors, int64(rule.Errors), name)
	o.ObserveInt64(b.LannerRuleSamples, int64(rule.Samples), name)
	o.ObserveFloat64(b.LannerRuleSampledTime, rule.Sampled.Seconds(), name)
}

func observeStream(b *metadata.TelemetryBuilder, stats streamStats, o metric.Observer) {
	o.ObserveInt64(b.LannerCaptureEvents, int64(stats.received))
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

func (r *securityReceiver) observeHealth(o metric.Observer) {
	b := r.telemetry
	o.ObserveInt64(b.LannerInfo, 1, with("version", r.set.BuildInfo.Version, "kernel", kernelRelease()))
	o.ObserveInt64(b.LannerVisibilityGaps, int64(r.gapsTold.Load()))
	if beater, ok := r.stream.(beater); ok {
		n, lag := beater.Beats()
		o.ObserveInt64(b.LannerHeartbeats, int64(n))
		o.ObserveFloat64(b.LannerCaptureLag, lag.Seconds())
	}
}

func (r *securityReceiver) observeRules(o metric.Observer) {
	b := r.telemetry
	outcomes, loaded := r.rules.Snapshot()
	for result, n := range outcomes {
		o.ObserveInt64(b.LannerRulesReloads, n, with("result", result))
	}
	o.ObserveFloat64(b.LannerRulesLoadTime, float64(loaded.Time.UnixNano())/float64(time.Second))
	o.ObserveFloat64(b.LannerRulesLoadDuration, loaded.Took.Seconds())
	for _, file := range loaded.Files {
		o.ObserveInt64(b.LannerRulesFiles, 1, with("file", file.Name, "sha256", file.SHA256))
	}
}

func (r *securityReceiver) observeDelivery(o metric.Observer) {
	b, stats := r.telemetry, r.delivery.stats()
	o.ObserveInt64(b.LannerDetectionsWaiting, int64(stats.waiting))
	o.ObserveInt64(b.LannerDetectionsCapacity, int64(r.cfg.Delivery.QueueSize))
	for l, n := range stats.lost {
		o.ObserveInt64(b.LannerDetectionsLost, int64(n), with("cause", l.cause, "priority", l.priority))
	}
	for reason, n := range stats.withheld {
		o.ObserveInt64(b.LannerDetectionsWithheld, int64(n), with("reason", reason))
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
