package runtimesecurityreceiver

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

// gapEventName is the event name of a record that tells of a time in which
// something that rules look for may have gone unseen.
const gapEventName = "lanner.visibility.gap"

// Attributes of a gap's record. The times are nanoseconds since the Unix epoch.
const (
	keyGapStart  = "lanner.gap.start"
	keyGapEnd    = "lanner.gap.end"
	keyGapLost   = "lanner.gap.lost" // how much, by cause and event type
	keyGapCount  = "lanner.gap.count"
	keyGapCauses = "lanner.gap.causes"
	keyGapTypes  = "lanner.gap.event_types"
	keyGapRules  = "lanner.gap.rules"
)

// hole is what was lost in one way.
type hole struct {
	cause     string
	eventType string         // "": of any type
	priority  rules.Priority // 0: not of rules of one priority
	rule      string         // "": not of one rule
	n         uint64         // 0: nobody knows
}

// affects tells whether the hole could hide a match of a rule.
func (h *hole) affects(rule *rules.Rule, types map[string]map[*rules.Rule]bool) bool {
	switch {
	case h.rule != "":
		return rule.Name == h.rule
	case h.priority != 0:
		return rule.Priority == h.priority
	case h.eventType != "":
		return types[h.eventType][rule]
	}
	return true
}

// counted is a loss whose counter only grows.
type counted struct {
	hole  hole // n is 0
	total uint64
}

// gaps tells of what was lost since it looked the last time.
type gaps struct {
	engine *engine.Engine
	source field.Source
	losses func() []counted
	tell   func(otelmap.Notice)
	told   func() // counts a gap

	seen  map[hole]uint64
	since time.Time
}

// look tells of what was lost since the last look and could hide a match. More
// holes than the counted ones may be given.
func (g *gaps) look(now time.Time, more ...hole) {
	holes := slices.Concat(g.fresh(), more)
	since := g.since
	g.since = now
	if len(holes) == 0 {
		return
	}
	holes, affected := g.hiding(holes)
	if len(affected) == 0 {
		return
	}
	g.told()
	g.tell(gapNotice(since, now, holes, affected))
}

// fresh is what the counters gained.
func (g *gaps) fresh() []hole {
	var holes []hole
	for _, c := range g.losses() {
		if c.total > g.seen[c.hole] {
			h := c.hole
			h.n = c.total - g.seen[c.hole]
			holes = append(holes, h)
		}
		g.seen[c.hole] = c.total
	}
	return holes
}

// hiding keeps the holes that could hide a match, and names the rules that these
// could be of.
func (g *gaps) hiding(holes []hole) (kept []hole, affected []string) {
	set := g.engine.Set().Ruleset(g.source.Name())
	if set == nil {
		return nil, nil
	}
	types := g.byType(set, holes)
	hit := map[string]bool{}
	for _, h := range holes {
		hides := false
		for _, rule := range set.Rules {
			if h.affects(rule, types) {
				hides, hit[rule.Name] = true, true
			}
		}
		if hides {
			kept = append(kept, h)
		}
	}
	for _, rule := range set.Rules {
		if hit[rule.Name] {
			affected = append(affected, rule.Name)
		}
	}
	return kept, affected
}

// byType is which rules match events of the holes' types.
func (g *gaps) byType(set *rules.Ruleset, holes []hole) map[string]map[*rules.Rule]bool {
	types := map[string]map[*rules.Rule]bool{}
	for _, h := range holes {
		if h.eventType == "" || types[h.eventType] != nil {
			continue
		}
		types[h.eventType] = map[*rules.Rule]bool{}
		if id, known := g.source.Types().Lookup(h.eventType); known {
			for _, rule := range set.For(id) {
				types[h.eventType][rule] = true
			}
		}
	}
	return types
}

// maxGapRules bounds how many rules a record names.
const maxGapRules = 200

func gapNotice(since, until time.Time, holes []hole, affected []string) otelmap.Notice {
	attrs := pcommon.NewMap()
	attrs.PutInt(keyGapStart, since.UnixNano())
	attrs.PutInt(keyGapEnd, until.UnixNano())
	var (
		total         uint64
		causes, types []string
	)
	lost := attrs.PutEmptyMap(keyGapLost)
	for _, h := range holes {
		total += h.n
		causes = append(causes, h.cause)
		if h.eventType != "" {
			types = append(types, h.eventType)
		}
		lost.PutInt(strings.TrimSuffix(h.cause+"/"+h.eventType, "/"), int64(h.n))
	}
	attrs.PutInt(keyGapCount, int64(total))
	causes = distinct(causes)
	otelmap.PutStrings(attrs, keyGapCauses, causes)
	otelmap.PutStrings(attrs, keyGapTypes, distinct(types))
	otelmap.PutStrings(attrs, keyGapRules, affected[:min(len(affected), maxGapRules)])
	return otelmap.Notice{
		Name: gapEventName, Time: until, Severity: plog.SeverityNumberWarn, Attributes: attrs,
		Body: fmt.Sprintf("Matches of %d rules may have gone unseen in the last %v: %s",
			len(affected), until.Sub(since).Round(time.Millisecond), strings.Join(causes, ", ")),
	}
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
