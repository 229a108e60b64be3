package securityrulesprocessor

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/internal/reload"
	"github.com/lannersec/lanner/internal/ruleconfig"
	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/processor/securityrulesprocessor/internal/metadata"
)

// securityProcessor is the processor. Any number of goroutines may bring records.
type securityProcessor struct {
	cfg    *Config
	set    processor.Settings
	next   consumer.Logs // gets what the processor has to say of itself
	host   component.Host
	origin otelmap.Origin

	engine    *engine.Engine
	workers   pool
	reloader  *reload.Reloader
	rules     ruleconfig.State
	telemetry *metadata.TelemetryBuilder
	running   context.Context // ends with Shutdown
	end       context.CancelFunc
	stop      sync.Once
}

func newProcessor(cfg *Config, set processor.Settings, next consumer.Logs) *securityProcessor {
	p := &securityProcessor{
		cfg: cfg, set: set, next: next,
		origin: otelmap.Origin{Scope: metadata.ScopeName, Version: set.BuildInfo.Version},
	}
	p.running, p.end = context.WithCancel(context.Background())
	return p
}

// Start loads the rules; what is wrong with them is its error.
func (p *securityProcessor) Start(ctx context.Context, host component.Host) error {
	if err := p.start(host); err != nil {
		return errors.Join(err, p.Shutdown(ctx))
	}
	return nil
}

func (p *securityProcessor) start(host component.Host) error {
	p.host = host
	from := newSources()
	capture := map[string][]string{}
	for _, source := range from.all() {
		capture[source.Name()] = otelmap.Fields(source)
	}
	p.engine = engine.New(p.cfg.Rules.Options(from.all(), capture))
	first := reload.Load(p.engine, p.cfg.Rules.Files)
	if first.Err != nil {
		return first.Err
	}
	p.logWarnings(first)
	p.rules.Store(first)
	p.set.Logger.Info("Rules are loaded", zap.Int("files", len(first.Files)),
		zap.Int("rules", len(first.Set.Rules)), zap.Int("enabled", first.Enabled()))
	var err error
	if p.telemetry, err = metadata.NewTelemetryBuilder(p.set.TelemetrySettings, p.set.ID); err != nil {
		return err
	}
	if err := p.observe(); err != nil {
		return err
	}
	p.workers, err = newPool(func() (*worker, error) { return newWorker(p.cfg.Sources, p.engine, from, p.unread) })
	if err != nil {
		return err
	}
	p.reloader, err = reload.Start(reload.Options{
		Config: p.cfg.Rules.Reload, Engine: p.engine, Names: p.cfg.Rules.Files, Report: p.reloaded,
	}, first)
	return err
}

// Shutdown ends the watching of rules. It may be called twice, and without
// Start.
func (p *securityProcessor) Shutdown(context.Context) error {
	var errs error
	p.stop.Do(func() {
		p.end()
		if p.reloader != nil {
			errs = errors.Join(errs, p.reloader.Close())
		}
		if p.telemetry != nil {
			errs = errors.Join(errs, p.telemetry.Shutdown())
		}
	})
	return errs
}

// process evaluates rules on records and returns what goes on.
func (p *securityProcessor) process(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	w, err := p.workers.take(ctx)
	if err != nil {
		return logs, err
	}
	defer p.workers.give(w)
	out := pass{cfg: p.cfg, worker: w, origin: p.origin, now: time.Now()}.run(logs)
	if out.ResourceLogs().Len() == 0 {
		return out, processorhelper.ErrSkipProcessingData
	}
	return out, nil
}

// reloaded tells everybody what came of a reload: the log, the Collector's
// status, the metrics, and the pipeline.
func (p *securityProcessor) reloaded(result *reload.Result) {
	p.logWarnings(result)
	p.rules.Store(result)
	if result.Err != nil {
		p.set.Logger.Error("Rules do not reload; those from before go on", zap.Error(result.Err))
		componentstatus.ReportStatus(p.host, componentstatus.NewRecoverableErrorEvent(result.Err))
	} else {
		p.set.Logger.Info(result.String(), zap.Duration("took", result.Took))
		componentstatus.ReportStatus(p.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
	batch := otelmap.NewBatch(p.origin)
	batch.AddNotice(result.Notice(), time.Now())
	if err := p.next.ConsumeLogs(p.running, batch.Take()); err != nil {
		p.set.Logger.Warn("The pipeline refused the record of a reload", zap.Error(err))
	}
}

func (p *securityProcessor) logWarnings(result *reload.Result) {
	for _, warning := range result.Warnings {
		p.set.Logger.Warn("Rules: " + warning.String())
	}
}
