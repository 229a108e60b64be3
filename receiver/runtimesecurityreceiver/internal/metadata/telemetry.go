package metadata

import (
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/metric"
)

// Meter is the receiver's meter.
func Meter(settings component.TelemetrySettings) metric.Meter {
	return settings.MeterProvider.Meter(ScopeName)
}

// TelemetryBuilder holds the instruments of metadata.yaml. Those that are
// observed get their values from callbacks, until Shutdown.
type TelemetryBuilder struct {
	meter         metric.Meter
	mu            sync.Mutex
	registrations []metric.Registration

	LannerCaptureDrops     metric.Int64ObservableCounter
	LannerCaptureHooks     metric.Int64ObservableGauge
	LannerCaptureRingSize  metric.Int64ObservableGauge
	LannerCaptureRingUsage metric.Int64ObservableGauge
	LannerDetectionsLost   metric.Int64Counter
	LannerEvents           metric.Int64ObservableCounter
	LannerProcesses        metric.Int64ObservableGauge
	LannerProcessesChanges metric.Int64ObservableCounter
	LannerRuleMatches      metric.Int64ObservableCounter
	LannerRules            metric.Int64ObservableGauge
}

// NewTelemetryBuilder makes the instruments.
func NewTelemetryBuilder(settings component.TelemetrySettings) (*TelemetryBuilder, error) {
	b := &TelemetryBuilder{meter: Meter(settings)}
	return b, errors.Join(
		b.counter(&b.LannerDetectionsLost, "otelcol.lanner.detections.lost", "{detections}",
			"Number of detections that did not reach the pipeline [Development]"),
		b.observedCounter(&b.LannerCaptureDrops, "otelcol.lanner.capture.drops", "{events}",
			"Number of events that the kernel side could not hand over [Development]"),
		b.observedCounter(&b.LannerEvents, "otelcol.lanner.events", "{events}",
			"Number of events that rules were evaluated on [Development]"),
		b.observedCounter(&b.LannerProcessesChanges, "otelcol.lanner.processes.changes", "{threads}",
			"Number of threads that were added to the process table, removed, evicted to make room, or made from an event because their start was not seen [Development]"),
		b.observedCounter(&b.LannerRuleMatches, "otelcol.lanner.rule.matches", "{detections}",
			"Number of detections by rule; every enabled rule has a series from the start [Development]"),
		b.observedGauge(&b.LannerCaptureHooks, "otelcol.lanner.capture.hooks", "{hooks}",
			"Kernel hooks that are wanted, 1 where the hook is attached and 0 where the kernel refused it [Development]"),
		b.observedGauge(&b.LannerCaptureRingSize, "otelcol.lanner.capture.ring.size", "By",
			"Size of the ring between kernel and receiver [Development]"),
		b.observedGauge(&b.LannerCaptureRingUsage, "otelcol.lanner.capture.ring.usage", "By",
			"Part of the ring that holds events which are not read yet [Development]"),
		b.observedGauge(&b.LannerProcesses, "otelcol.lanner.processes", "{threads}",
			"Number of threads in the process table [Development]"),
		b.observedGauge(&b.LannerRules, "otelcol.lanner.rules", "{rules}",
			"Number of rules that are loaded, and of these the enabled ones [Development]"),
	)
}

func (b *TelemetryBuilder) counter(dst *metric.Int64Counter, name, unit, desc string) (err error) {
	*dst, err = b.meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(desc))
	return err
}

func (b *TelemetryBuilder) observedCounter(dst *metric.Int64ObservableCounter, name, unit, desc string) (err error) {
	*dst, err = b.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(desc))
	return err
}

func (b *TelemetryBuilder) observedGauge(dst *metric.Int64ObservableGauge, name, unit, desc string) (err error) {
	*dst, err = b.meter.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(desc))
	return err
}

// Observe makes callback the origin of the values of observed instruments.
func (b *TelemetryBuilder) Observe(callback metric.Callback, instruments ...metric.Observable) error {
	reg, err := b.meter.RegisterCallback(callback, instruments...)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.registrations = append(b.registrations, reg)
	return nil
}

// Shutdown ends all callbacks.
func (b *TelemetryBuilder) Shutdown() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs error
	for _, reg := range b.registrations {
		errs = errors.Join(errs, reg.Unregister())
	}
	b.registrations = nil
	return errs
}
