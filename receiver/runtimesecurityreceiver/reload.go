package runtimesecurityreceiver

import (
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/reload"
)

// follower is a stream that captures what rules ask for.
type follower interface {
	// Want captures what any rule of the sets can match, and from then on no more.
	Want(sets ...*rules.Set) error
	// Follow is told that other rules run now.
	Follow(eng *engine.Engine)
}

func (r *securityReceiver) reloadOptions() reload.Options {
	opts := reload.Options{
		Config: r.cfg.Rules.Reload, Engine: r.engine, Names: r.cfg.Rules.Files, Report: r.reloaded,
	}
	if f, ok := r.stream.(follower); ok {
		opts.Capture = f.Want
	}
	return opts
}

// reloaded tells everybody what came of a reload: the log, the Collector's
// status, the metrics, and the pipeline.
func (r *securityReceiver) reloaded(result *reload.Result) {
	logWarnings(result, r.set.Logger)
	if result.Err != nil {
		r.set.Logger.Error("Rules do not reload; those from before go on", zap.Error(result.Err))
	} else {
		r.set.Logger.Info(result.String(), zap.Duration("took", result.Took))
	}
	r.rules.Store(result)
	r.status.set("rules", result.Err)
	if f, ok := r.stream.(follower); ok {
		f.Follow(r.engine)
	}
	r.delivery.tell(result.Notice())
}

func logWarnings(result *reload.Result, log *zap.Logger) {
	for _, warning := range result.Warnings {
		log.Warn("Rules: " + warning.String())
	}
}
