package noise

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

// book writes down what comes through.
type book struct {
	lines []string
	count uint64 // of all detections that the lines stand for
}

func (b *book) Detection(det *engine.Detection, n otelmap.Aggregate) {
	b.lines = append(b.lines, fmt.Sprintf("%s %s x%d %d-%d", det.Rule.Name, det.Output, n.Count, n.First, n.Last))
	b.count += n.Count
}

func (b *book) Summary(rule *rules.Rule, n otelmap.Aggregate) {
	b.lines = append(b.lines, fmt.Sprintf("%s more x%d %d-%d", rule.Name, n.Count, n.First, n.Last))
	b.count += n.Count
}

var (
	ruleA = &rules.Rule{Name: "a"}
	ruleB = &rules.Rule{Name: "b"}
)

func det(rule *rules.Rule, at uint64, program string) *engine.Detection {
	return &engine.Detection{
		Rule: rule, Time: at, Source: "syscall", Output: program,
		Fields: []engine.FieldValue{{Name: "proc.name", Value: event.Text(program[:3])}},
	}
}

func at(seconds int) time.Time { return time.Unix(int64(seconds), 0) }

func TestFilter(t *testing.T) {
	type step struct {
		at  int
		det *engine.Detection // nil: a tick
	}
	steps := []step{
		{0, det(ruleA, 10, "cat1")}, {1, det(ruleA, 11, "cat1")}, {2, det(ruleA, 12, "cat2")},
		{3, det(ruleB, 13, "cat1")}, {4, det(ruleA, 14, "cat1")}, {11, nil}, {12, det(ruleA, 15, "cat1")},
	}
	for name, test := range map[string]struct {
		cfg  Config
		want []string
	}{
		"off": {Config{}, []string{
			"a cat1 x1 10-10", "a cat1 x1 11-11", "a cat2 x1 12-12", "b cat1 x1 13-13", "a cat1 x1 14-14", "a cat1 x1 15-15",
		}},
		"window by output": {Config{Aggregate: AggregateConfig{Window: 10 * time.Second}}, []string{
			"a cat1 x3 10-14", "a cat2 x1 12-12", "b cat1 x1 13-13", "a cat1 x1 15-15",
		}},
		"window by key": {Config{Aggregate: AggregateConfig{Window: 10 * time.Second, Keys: []string{"proc.name"}}}, []string{
			"a cat1 x4 10-14", "b cat1 x1 13-13", "a cat1 x1 15-15",
		}},
		"ceiling": {Config{Ceiling: CeilingConfig{Records: 2, Interval: 10 * time.Second}}, []string{
			"a cat1 x1 10-10", "a cat1 x1 11-11", "b cat1 x1 13-13", "a more x2 12-14", "a cat1 x1 15-15",
		}},
		"both": {Config{Aggregate: AggregateConfig{Window: 10 * time.Second}, Ceiling: CeilingConfig{Records: 1, Interval: 10 * time.Second}}, []string{
			"a cat1 x3 10-14", "b cat1 x1 13-13", "a more x2 12-15",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var b book
			f := New(test.cfg, &b)
			for _, s := range steps {
				if s.det == nil {
					f.Tick(at(s.at))
					continue
				}
				f.Add(s.det, at(s.at))
			}
			f.Flush(at(13))
			if !slices.Equal(b.lines, test.want) {
				t.Errorf("%q\nwant %q", b.lines, test.want)
			}
			if b.count != 6 {
				t.Errorf("%d detections come out, 6 went in", b.count)
			}
		})
	}
}

// TestGroupsAreBounded: where too many different detections wait, the oldest go
// early, and none is lost.
func TestGroupsAreBounded(t *testing.T) {
	var b book
	f := New(Config{Aggregate: AggregateConfig{Window: time.Hour}}, &b)
	for i := range maxGroups + 5 {
		f.Add(det(ruleA, uint64(i), fmt.Sprintf("cat%d", i)), at(0))
	}
	if len(b.lines) != 5 || b.lines[0] != "a cat0 x1 0-0" || !f.Waits() {
		t.Errorf("%q", b.lines)
	}
	f.Flush(at(1))
	if b.count != maxGroups+5 {
		t.Errorf("%d detections come out", b.count)
	}
}

func TestConfigBounds(t *testing.T) {
	good := DefaultConfig()
	if good.Aggregate.Validate() != nil || good.Ceiling.Validate() != nil {
		t.Error("the default is not valid")
	}
	for _, c := range []AggregateConfig{{Window: -1}, {Window: 2 * maxWindow}, {Keys: []string{"proc.name"}}} {
		if c.Validate() == nil {
			t.Errorf("%+v is valid", c)
		}
	}
	for _, c := range []CeilingConfig{{Records: -1, Interval: 1}, {Records: 1}, {Interval: 2 * maxWindow}} {
		if c.Validate() == nil {
			t.Errorf("%+v is valid", c)
		}
	}
}
