package engine

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
)

// Engine holds the rules that events are matched with. It is safe for
// concurrent use.
type Engine struct {
	opts    Options
	current atomic.Pointer[running]
	stats   stats

	load sync.Mutex // one Run at a time
}

// running is a loaded set with its counters. It is immutable, the counters are not.
type running struct {
	set     *rules.Set
	matches []*ruleCounters // by Rule.Index
}

// New makes an engine without rules.
func New(opts Options) *Engine {
	e := &Engine{opts: opts}
	e.stats.init(opts.Sources)
	e.current.Store(&running{set: &rules.Set{}})
	return e
}

// Report is what compiling files has to say.
type Report struct {
	// Diagnostics are all problems of all files, in reading order.
	Diagnostics diag.List
	// Set is what could be compiled: all of it, if no diagnostic is an error.
	Set *rules.Set
	// Loaded tells that Set is running. It is false where a diagnostic is an
	// error; the rules from before go on then.
	Loaded bool
}

// Enabled counts the rules that events are matched with.
func (r *Report) Enabled() int {
	n := 0
	for _, rule := range r.Set.Rules {
		if rule.Enabled {
			n++
		}
	}
	return n
}

// Load compiles files beside the running rules and, if there is no error,
// puts them in their place for all events from then on. The files' data must
// not change afterwards.
func (e *Engine) Load(files []rules.File) *Report {
	report := e.Compile(files)
	e.Run(report)
	return report
}

// Compile is the first half of Load. Between the two, whoever captures events
// can make sure that those which the new rules need are there.
func (e *Engine) Compile(files []rules.File) *Report {
	set, diags := rules.Load(files, e.opts.Config)
	e.stats.loads.Add(1)
	if diags.HasErrors() {
		e.stats.failedLoads.Add(1)
	}
	return &Report{Diagnostics: diags, Set: set}
}

// Run is the second half of Load: it puts compiled rules in the place of those
// that run. It does nothing, and returns false, if they have an error.
func (e *Engine) Run(r *Report) bool {
	if r.Diagnostics.HasErrors() {
		return false
	}
	e.load.Lock()
	defer e.load.Unlock()
	e.current.Store(&running{set: r.Set, matches: e.stats.countersFor(r.Set)})
	r.Loaded = true
	return true
}

// Set is the rules that are running.
func (e *Engine) Set() *rules.Set { return e.current.Load().set }

// Types is the event types of a source that the running rules can match: what
// has to be captured. It is nil for a source without types or without rules.
func (e *Engine) Types(source string) event.TypeSet { return e.Set().Types(source) }

func (e *Engine) source(name string) field.Source {
	for _, s := range e.opts.Sources {
		if s.Name() == name {
			return s
		}
	}
	return nil
}

// Evaluator makes an evaluator for one goroutine that reads a source's events.
func (e *Engine) Evaluator(source string) (*Evaluator, error) {
	src := e.source(source)
	if src == nil {
		return nil, fmt.Errorf("engine: no source %q", source)
	}
	return newEvaluator(e, src), nil
}
