package engine

import (
	"time"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
)

// Evaluator matches the events of one source, for one goroutine. It allocates
// only for detections and after a reload.
type Evaluator struct {
	engine *Engine
	source field.Source
	types  *event.Types
	counts localCounts

	running *running
	rules   *rules.Ruleset // of the source; nil if there are none
	context *compile.Context
	scratch []byte // for outputs

	evaluating int // index of the rule that a field may panic in, or -1
}

func newEvaluator(e *Engine, src field.Source) *Evaluator {
	v := &Evaluator{engine: e, source: src, types: src.Types()}
	v.counts.init(e.stats.sources[src.Name()])
	v.follow(e.current.Load())
	return v
}

// follow turns to a newly loaded set.
func (v *Evaluator) follow(r *running) {
	v.running = r
	v.rules = r.set.Ruleset(v.source.Name())
	v.counts.follow(r, v.rules)
	v.context = nil
	if v.rules != nil {
		v.context = v.rules.Plan.NewContext()
	}
}

// Process matches one event and calls emit for each detection. The event is
// not kept.
func (v *Evaluator) Process(ev *event.Event, emit func(*Detection)) {
	if r := v.engine.current.Load(); r != v.running {
		v.follow(r)
	}
	sampled := v.counts.event(ev)
	if v.rules == nil {
		return
	}
	candidates := v.rules.For(ev.Type)
	if len(candidates) == 0 {
		return
	}
	v.context.Begin(ev)
	if sampled {
		v.timed(candidates)
		v.context.Begin(ev)
	}
	v.match(candidates, emit)
}

// match evaluates rules in their order.
func (v *Evaluator) match(candidates []*rules.Rule, emit func(*Detection)) {
	defer v.recovered()
	for i, rule := range candidates {
		v.evaluating = rule.Index
		if !rule.Condition.Eval(v.context) {
			continue
		}
		v.running.matches[rule.Index].matches.Add(1)
		var d *Detection
		d, v.scratch = detect(rule, v.context, v.types, v.scratch)
		v.evaluating = -1
		emit(d)
		if v.engine.opts.Matching == First {
			v.counts.skip(candidates[i+1:])
			return
		}
	}
}

// timed measures every candidate for one event: what rules cost is known from
// samples, so that measuring costs nothing.
func (v *Evaluator) timed(candidates []*rules.Rule) {
	defer v.recovered()
	for _, rule := range candidates {
		v.evaluating = rule.Index
		start := time.Now()
		rule.Condition.Eval(v.context)
		c := v.running.matches[rule.Index]
		c.samples.Add(1)
		c.sampled.Add(uint64(time.Since(start)))
	}
}

// recovered ends a panic in a field: it costs the rules that are left for this
// event, not the process, and is counted. A panic in emit goes on.
func (v *Evaluator) recovered() {
	if p := recover(); p != nil {
		if v.evaluating < 0 {
			panic(p)
		}
		v.running.matches[v.evaluating].errors.Add(1)
	}
}

// Flush adds what was counted to the engine's statistics. Process does so now
// and then; call it where events pause, and at the end.
func (v *Evaluator) Flush() { v.counts.flush() }
