// Package noise makes few records of many detections: identical ones within a
// window become one, and a rule that makes more records than its ceiling gets a
// summary of the rest. Every detection is in some record, as one of its count.
package noise

import (
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

// Sink takes what a Filter lets through.
type Sink interface {
	// Detection is a record: the first of the detections that it stands for.
	Detection(*engine.Detection, otelmap.Aggregate)
	// Summary is a record that stands for detections of a rule beyond its ceiling.
	Summary(*rules.Rule, otelmap.Aggregate)
}

// Filter is for one goroutine, whose clock it follows: it never looks at one
// itself.
type Filter struct {
	cfg     Config
	sink    Sink
	groups  groups
	ceiling map[string]*quota // by rule
}

// New makes a filter in front of a sink.
func New(cfg Config, sink Sink) *Filter {
	return &Filter{cfg: cfg, sink: sink, groups: newGroups(), ceiling: map[string]*quota{}}
}

// Add takes a detection.
func (f *Filter) Add(det *engine.Detection, now time.Time) {
	if f.cfg.Aggregate.Window == 0 {
		f.pass(det, otelmap.One(det), now)
		return
	}
	if full := f.groups.add(f.key(det), det, now.Add(f.cfg.Aggregate.Window)); full != nil {
		f.pass(full.first, full.count, now)
	}
}

// key is equal for identical detections.
func (f *Filter) key(det *engine.Detection) string {
	key := det.Source + "\x00" + det.Rule.Name
	if len(f.cfg.Aggregate.Keys) == 0 {
		return key + "\x00" + det.Output
	}
	for _, name := range f.cfg.Aggregate.Keys {
		key += "\x00" + det.Field(name).String()
	}
	return key
}

// pass lets a record through, or counts it, if its rule made enough.
func (f *Filter) pass(det *engine.Detection, n otelmap.Aggregate, now time.Time) {
	if f.cfg.Ceiling.Records == 0 {
		f.sink.Detection(det, n)
		return
	}
	q := f.ceiling[det.Rule.Name]
	if q == nil {
		q = &quota{}
		f.ceiling[det.Rule.Name] = q
	}
	if !now.Before(q.until) {
		f.end(q)
		*q = quota{rule: det.Rule, until: now.Add(f.cfg.Ceiling.Interval)}
	}
	if q.records++; q.records <= f.cfg.Ceiling.Records {
		f.sink.Detection(det, n)
		return
	}
	q.over.Join(n)
}

// end tells what a quota left out.
func (f *Filter) end(q *quota) {
	if q.over.Count > 0 {
		f.sink.Summary(q.rule, q.over)
		q.over = otelmap.Aggregate{}
	}
}

// quota is what a rule made in an interval.
type quota struct {
	rule    *rules.Rule
	until   time.Time
	records int
	over    otelmap.Aggregate
}

// Tick lets through what is due.
func (f *Filter) Tick(now time.Time) {
	for g := f.groups.due(now); g != nil; g = f.groups.due(now) {
		f.pass(g.first, g.count, now)
	}
	for name, q := range f.ceiling {
		if !now.Before(q.until) {
			f.end(q)
			delete(f.ceiling, name)
		}
	}
}

// Flush lets everything through: nothing comes after it.
func (f *Filter) Flush(now time.Time) {
	for g := f.groups.oldest(); g != nil; g = f.groups.oldest() {
		f.pass(g.first, g.count, now)
	}
	for _, q := range f.ceiling {
		f.end(q)
	}
}

// Waits tells whether a Tick will have something to do some time.
func (f *Filter) Waits() bool { return len(f.groups.byKey) > 0 || len(f.ceiling) > 0 }
