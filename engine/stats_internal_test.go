package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

// BenchmarkCounting is what an event costs to be counted, with the evaluations
// of twenty rules.
func BenchmarkCounting(b *testing.B) {
	types := event.NewTypes("open")
	src := fake.New("syscall", types, "evt.type")
	e := New(Options{Config: rules.Config{Sources: []field.Source{src}}})
	var text strings.Builder
	for i := range 20 {
		fmt.Fprintf(&text, "- rule: r%d\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: INFO\n", i)
	}
	if report := e.Load([]rules.File{{Name: "rules.yaml", Data: []byte(text.String())}}); !report.Loaded {
		b.Fatal(report.Diagnostics)
	}
	v := newEvaluator(e, src)
	ev := &event.Event{}
	b.ReportAllocs()
	for b.Loop() {
		ev.Time += 1000
		v.counts.event(ev)
	}
	v.Flush()
	if r := e.Stats().Rules[0]; r.Evaluations != uint64(b.N) {
		b.Errorf("%d evaluations counted, %d events", r.Evaluations, b.N)
	}
}
