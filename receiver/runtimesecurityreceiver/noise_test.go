package runtimesecurityreceiver

import (
	"testing"
	"time"
)

func TestIdenticalDetectionsAreOneRecord(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Noise.Aggregate.Window = 20 * time.Millisecond
	cfg.Noise.Aggregate.Keys = []string{"proc.name"}
	out, take := records(t)
	s, telemetry := start(t, cfg, taker(t, take))
	const sent = 50
	for range sent {
		s.send("spy")
	}
	var got int64
	for got < sent {
		rec := next(t, out, "lanner.rule.match")
		n, counted := rec.Attributes().Get("lanner.aggregate.count")
		if !counted {
			got++ // one alone
			continue
		}
		got += n.Int()
		if first, ok := rec.Attributes().Get("lanner.aggregate.first"); !ok || first.Int() != 1 {
			t.Errorf("%v", rec.Attributes().AsRaw())
		}
	}
	if got != sent {
		t.Errorf("%d detections sent, the records stand for %d", sent, got)
	}
	if n := points(t, telemetry, "otelcol.lanner.detections.withheld")["reason=aggregated"]; n == 0 || n >= sent {
		t.Errorf("%d are withheld", n)
	}
}

func TestCeilingLeavesASummary(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Noise.Ceiling.Records, cfg.Noise.Ceiling.Interval = 3, 50*time.Millisecond
	out, take := records(t)
	s, _ := start(t, cfg, taker(t, take))
	for range 10 {
		s.send("spy")
	}
	var single int64
	for rec := range out {
		if rec.EventName() == "lanner.rule.match" {
			single++
			continue
		}
		rule, _ := rec.Attributes().Get("security_rule.name")
		n, _ := rec.Attributes().Get("lanner.aggregate.count")
		if rec.EventName() != "lanner.rule.summary" || rule.Str() != "Spy started" || rec.SeverityText() != "Warning" {
			t.Fatalf("%s %v", rec.EventName(), rec.Attributes().AsRaw())
		}
		if single += n.Int(); single == 10 {
			return
		}
	}
}
