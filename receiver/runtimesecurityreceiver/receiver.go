package runtimesecurityreceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/internal/reload"
	"github.com/lannersec/lanner/internal/ruleconfig"
	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// opener opens the stream of events that the engine's rules ask for.
type opener func(cfg *Config, eng *engine.Engine, log *zap.Logger) (stream, error)

// securityReceiver is the receiver: two goroutines, one that evaluates events
// and one that delivers detections.
type securityReceiver struct {
	cfg    *Config
	set    receiver.Settings
	next   consumer.Logs
	source field.Source
	open   opener

	engine    *engine.Engine
	stream    stream
	delivery  *delivery
	status    *status
	sight     sight
	reloader  *reload.Reloader
	rules     ruleconfig.State
	gapsTold  atomic.Uint64
	telemetry *metadata.TelemetryBuilder
	stopRetry context.CancelFunc
	stopping  chan struct{} // closed at the end
	running   sync.WaitGroup
	delivered chan struct{} // closed when delivery has ended
	stop      sync.Once
}

func newReceiver(cfg *Config, set receiver.Settings, next consumer.Logs, source field.Source, open opener) *securityReceiver {
	return &securityReceiver{cfg: cfg, set: set, next: next, source: source, open: open, stopping: make(chan struct{})}
}

// Start loads the rules, opens the capture and returns; both goroutines live on
// a context of their own. What is wrong with rules or host is its error.
func (r *securityReceiver) Start(ctx context.Context, host component.Host) error {
	if err := r.start(ctx, host); err != nil {
		return errors.Join(err, r.Shutdown(ctx))
	}
	return nil
}

func (r *securityReceiver) start(ctx context.Context, host component.Host) error {
	eng, first, err := loadEngine(r.cfg, r.source, r.set.Logger)
	if err != nil {
		return err
	}
	r.engine, r.status = eng, newStatus(host)
	r.rules.Store(first)
	evaluator, err := eng.Evaluator(r.source.Name())
	if err != nil {
		return err
	}
	if r.stream, err = r.open(r.cfg, eng, r.set.Logger); err != nil {
		return fmt.Errorf("capture: %w", err)
	}
	if err := r.startDelivery(); err != nil {
		return err
	}
	if r.telemetry, err = metadata.NewTelemetryBuilder(r.set.TelemetrySettings, r.set.ID); err != nil {
		return err
	}
	if err := r.observe(); err != nil {
		return err
	}
	if r.reloader, err = reload.Start(r.reloadOptions(), first); err != nil {
		return err
	}
	if err := r.startHealth(ctx, host); err != nil {
		return err
	}
	r.running.Go(func() {
		if err := r.watch(evaluator); err != nil {
			r.set.Logger.Error("The capture ended", zap.Error(err))
			componentstatus.ReportStatus(host, componentstatus.NewPermanentErrorEvent(err))
		}
	})
	return nil
}

func (r *securityReceiver) startDelivery() error {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             r.set.ID,
		Transport:              "bpf",
		ReceiverCreateSettings: r.set,
	})
	if err != nil {
		return err
	}
	r.delivery = newDelivery(r.cfg, otelmap.Origin{
		Scope:    metadata.ScopeName,
		Version:  r.set.BuildInfo.Version,
		Resource: hostResource(r.cfg),
	}, r.next, obs, r.set.Logger)
	ctx, cancel := context.WithCancel(context.Background())
	r.stopRetry = cancel
	r.delivered = make(chan struct{})
	go func() {
		defer close(r.delivered)
		r.delivery.run(ctx)
	}()
	return nil
}

// startHealth has the receiver watch itself, and tells of the time before, in
// which it did not run.
func (r *securityReceiver) startHealth(ctx context.Context, host component.Host) error {
	var err error
	if r.sight, err = openSight(ctx, host, r.cfg.Storage, r.set.ID); err != nil {
		return err
	}
	g := &gaps{
		engine: r.engine, source: r.source, losses: r.losses, tell: r.delivery.tell,
		told: func() { r.gapsTold.Add(1) },
		seen: map[hole]uint64{}, since: time.Now(),
	}
	until, known, err := r.sight.last(ctx)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	if known {
		g.since = until
		g.look(time.Now(), hole{cause: "not_running"})
	}
	if r.cfg.Health.Interval == 0 {
		return nil
	}
	r.seen(time.Now()) // also a run that ends before its first heartbeat is known to the next
	h := &health{tell: r.status.set, gaps: g, seen: r.seen}
	h.beater, _ = r.stream.(beater)
	r.running.Go(func() { h.run(r.cfg.Health.Interval, r.stopping) })
	return nil
}

// seen keeps until when events were seen.
func (r *securityReceiver) seen(until time.Time) {
	if err := r.sight.keep(context.Background(), until); err != nil {
		r.set.Logger.Warn("The storage does not take until when events were seen", zap.Error(err))
	}
}

// watch evaluates events until the stream ends.
func (r *securityReceiver) watch(evaluator *engine.Evaluator) error {
	defer evaluator.Flush()
	emit := r.delivery.put
	for {
		ev, err := r.stream.Next()
		switch {
		case errors.Is(err, errIdle):
			evaluator.Flush()
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		default:
			evaluator.Process(ev, emit)
		}
	}
}

// Shutdown ends the capture and delivers what was detected until then. It may
// be called twice, and without Start.
func (r *securityReceiver) Shutdown(ctx context.Context) error {
	var errs error
	r.stop.Do(func() { errs = r.shutdown(ctx) })
	return errs
}

func (r *securityReceiver) shutdown(ctx context.Context) error {
	var errs error
	close(r.stopping)
	if r.reloader != nil { // it changes what the stream captures
		errs = errors.Join(errs, r.reloader.Close())
	}
	if r.telemetry != nil { // before the end of the stream: it reads the stream's counters
		errs = errors.Join(errs, r.telemetry.Shutdown())
	}
	if r.stream != nil {
		errs = errors.Join(errs, r.stream.Close())
	}
	r.running.Wait()
	if r.delivery != nil {
		errs = errors.Join(errs, r.endDelivery(ctx))
		r.seen(time.Now())
	}
	return errors.Join(errs, r.sight.close(ctx))
}

// endDelivery waits until the queue is delivered, at most as long as ctx allows.
func (r *securityReceiver) endDelivery(ctx context.Context) error {
	r.delivery.queue.end()
	r.stopRetry()
	select {
	case <-r.delivered:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the pipeline did not take the last detections: %w", ctx.Err())
	}
}
