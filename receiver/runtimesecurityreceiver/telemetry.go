package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/internal/rulemetrics"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// observe connects the observed instruments with what they observe. Each part of
// the receiver is asked once for each collection of metrics.
func (r *securityReceiver) observe() error {
	b := r.telemetry
	rules := rulemetrics.Instruments{
		Events: b.LannerEvents, Matches: b.LannerRuleMatches, Evaluations: b.LannerRuleEvaluations,
		Errors: b.LannerRuleErrors, Samples: b.LannerRuleSamples, SampledTime: b.LannerRuleSampledTime,
		Rules: b.LannerRules, Reloads: b.LannerRulesReloads, Files: b.LannerRulesFiles,
		LoadTime: b.LannerRulesLoadTime, LoadDuration: b.LannerRulesLoadDuration, Tactics: b.LannerRuleTactics,
	}
	return errors.Join(
		b.Observe(rules.Callback(r.engine, &r.rules), rules.All()...),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			observeStream(b, r.stream.Stats(), o)
			return nil
		}, b.LannerCaptureEvents, b.LannerCaptureDrops, b.LannerCaptureFiltered, b.LannerCaptureHooks, b.LannerCaptureRingSize,
			b.LannerCaptureRingUsage, b.LannerProcesses, b.LannerProcessesChanges),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			r.observeHealth(o)
			return nil
		}, b.LannerHeartbeats, b.LannerCaptureLag, b.LannerVisibilityGaps, b.LannerInfo),
		b.Observe(func(_ context.Context, o metric.Observer) error {
			r.observeDelivery(o)
			return nil
		}, b.LannerDetectionsLost, b.LannerDetectionsWaiting, b.LannerDetectionsCapacity, b.LannerDetectionsWithheld),
		observeContainers(b, r.stream),
	)
}

func observeStream(b *metadata.TelemetryBuilder, stats streamStats, o metric.Observer) {
	o.ObserveInt64(b.LannerCaptureEvents, int64(stats.received))
	for d, n := range stats.drops {
		o.ObserveInt64(b.LannerCaptureDrops, int64(n), rulemetrics.With("cause", d.cause, "type", d.eventType))
	}
	for eventType, n := range stats.filtered {
		o.ObserveInt64(b.LannerCaptureFiltered, int64(n), rulemetrics.With("type", eventType))
	}
	for _, h := range stats.hooks {
		o.ObserveInt64(b.LannerCaptureHooks, attached(h), rulemetrics.With("hook", h.name))
	}
	o.ObserveInt64(b.LannerCaptureRingSize, stats.ringSize)
	o.ObserveInt64(b.LannerCaptureRingUsage, stats.ringUsage)
	o.ObserveInt64(b.LannerProcesses, stats.threads)
	for change, n := range stats.changes {
		o.ObserveInt64(b.LannerProcessesChanges, int64(n), rulemetrics.With("change", change))
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
	o.ObserveInt64(b.LannerInfo, 1, rulemetrics.With("version", r.set.BuildInfo.Version, "kernel", kernelRelease()))
	o.ObserveInt64(b.LannerVisibilityGaps, int64(r.gapsTold.Load()))
	if beater, ok := r.stream.(beater); ok {
		n, lag := beater.Beats()
		o.ObserveInt64(b.LannerHeartbeats, int64(n))
		o.ObserveFloat64(b.LannerCaptureLag, lag.Seconds())
	}
}

func (r *securityReceiver) observeDelivery(o metric.Observer) {
	b, stats := r.telemetry, r.delivery.stats()
	o.ObserveInt64(b.LannerDetectionsWaiting, int64(stats.waiting))
	o.ObserveInt64(b.LannerDetectionsCapacity, int64(r.cfg.Delivery.QueueSize))
	for l, n := range stats.lost {
		o.ObserveInt64(b.LannerDetectionsLost, int64(n), rulemetrics.With("cause", l.cause, "priority", l.priority))
	}
	for reason, n := range stats.withheld {
		o.ObserveInt64(b.LannerDetectionsWithheld, int64(n), rulemetrics.With("reason", reason))
	}
}
