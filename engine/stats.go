package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
)

// Stats is a snapshot of an engine's counters, all since its start.
type Stats struct {
	// Events evaluated, by source and event type; types without events are left
	// out. A source without types counts under "".
	Events map[string]map[string]uint64
	Rules  []RuleStats // of the running rules, in their order
	// Loads counts calls of Load, FailedLoads those that an error ended.
	Loads, FailedLoads uint64
}

// RuleStats is what is counted for a rule. It goes on over reloads that keep
// the rule's name.
type RuleStats struct {
	Name     string
	Source   string
	Priority rules.Priority
	Enabled  bool
	// Evaluations is how often the condition was evaluated for an event.
	Evaluations uint64
	Matches     uint64
	// Errors counts evaluations that a field's panic ended.
	Errors uint64
	// Samples is how many evaluations were measured, Sampled what they took.
	Samples uint64
	Sampled time.Duration
}

type ruleCounters struct {
	evaluations, matches, errors, samples, sampled atomic.Uint64
}

type stats struct {
	sources            map[string]*sourceCounters
	loads, failedLoads atomic.Uint64

	mu    sync.Mutex
	rules map[string]*ruleCounters // of the running rules, by name
}

// sourceCounters counts a source's events by type.
type sourceCounters struct {
	types  *event.Types
	events []atomic.Uint64
}

func (s *stats) init(sources []field.Source) {
	s.sources = map[string]*sourceCounters{}
	s.rules = map[string]*ruleCounters{}
	for _, src := range sources {
		n := 1
		if src.Types() != nil {
			n = src.Types().Len()
		}
		s.sources[src.Name()] = &sourceCounters{types: src.Types(), events: make([]atomic.Uint64, n)}
	}
}

// countersFor finds the counters of a set's rules, those of rules that were
// there before included.
func (s *stats) countersFor(set *rules.Set) []*ruleCounters {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*ruleCounters, len(set.Rules))
	byName := make(map[string]*ruleCounters, len(set.Rules))
	for i, r := range set.Rules {
		c := s.rules[r.Name]
		if c == nil {
			c = &ruleCounters{}
		}
		byName[r.Name], out[i] = c, c
	}
	s.rules = byName
	return out
}

// Stats takes a snapshot.
func (e *Engine) Stats() Stats {
	s := Stats{
		Events:      map[string]map[string]uint64{},
		Loads:       e.stats.loads.Load(),
		FailedLoads: e.stats.failedLoads.Load(),
	}
	for name, src := range e.stats.sources {
		s.Events[name] = src.snapshot()
	}
	r := e.current.Load()
	for i, rule := range r.set.Rules {
		c := r.matches[i]
		s.Rules = append(s.Rules, RuleStats{
			Name: rule.Name, Source: rule.Source, Priority: rule.Priority, Enabled: rule.Enabled,
			Evaluations: c.evaluations.Load(), Matches: c.matches.Load(), Errors: c.errors.Load(), Samples: c.samples.Load(), Sampled: time.Duration(c.sampled.Load()),
		})
	}
	return s
}

func (c *sourceCounters) snapshot() map[string]uint64 {
	out := map[string]uint64{}
	for i := range c.events {
		n := c.events[i].Load()
		switch {
		case n == 0:
		case c.types == nil:
			out[""] = n
		default:
			out[c.types.Name(event.TypeID(i))] = n
		}
	}
	return out
}

const (
	flushEvery  = 1 << 10     // events between flushes at most
	flushAfter  = time.Second // of event time between flushes at most
	sampleEvery = 1 << 12     // events between measured ones; a multiple of flushEvery
)

// localCounts counts an evaluator's events and evaluations without touching
// shared memory, and adds them to the shared counters now and then.
type localCounts struct {
	shared *sourceCounters
	counts []uint64
	// What evaluations cost to be counted is nothing: they follow from the events,
	// because all rules for an event's type are evaluated, unless one matches
	// before them. running and ruleset are those whose rules are counted.
	running *running
	ruleset *rules.Ruleset // nil if there is none
	skipped []uint64       // by rule
	due     []uint64       // by rule, for flush
	events  uint64
	next    uint64 // event time of the next flush
}

func (l *localCounts) init(shared *sourceCounters) {
	l.shared = shared
	l.counts = make([]uint64, len(shared.events))
}

// follow turns to the rules of another set.
func (l *localCounts) follow(r *running, set *rules.Ruleset) {
	l.flush()
	l.running, l.ruleset = r, set
	l.skipped = make([]uint64, len(r.matches))
	l.due = make([]uint64, len(r.matches))
}

// skip notes that rules were not evaluated for an event of their type.
func (l *localCounts) skip(left []*rules.Rule) {
	for _, rule := range left {
		l.skipped[rule.Index]++
	}
}

// event counts an event, and tells whether it is one to measure rules with.
func (l *localCounts) event(ev *event.Event) (sampled bool) {
	if int(ev.Type) < len(l.counts) {
		l.counts[ev.Type]++
	}
	l.events++
	if l.events%flushEvery == 0 || ev.Time >= l.next {
		l.flush()
		l.next = ev.Time + uint64(flushAfter)
		return l.events%sampleEvery == 0
	}
	return false
}

func (l *localCounts) flush() {
	for i, n := range l.counts {
		if n == 0 {
			continue
		}
		l.counts[i] = 0
		l.shared.events[i].Add(n)
		if l.ruleset != nil {
			for _, rule := range l.ruleset.For(event.TypeID(i)) {
				l.due[rule.Index] += n
			}
		}
	}
	for i, n := range l.due {
		if n > 0 {
			l.running.matches[i].evaluations.Add(n - l.skipped[i])
			l.due[i], l.skipped[i] = 0, 0
		}
	}
}
