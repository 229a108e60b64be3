package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/otelmap"
)

const closeRule = `
- rule: Closed
  desc: d
  condition: evt.type = close
  output: closed
  priority: ERROR
`

// watched is a health that a test steers.
type watched struct {
	*health
	fakeHeart
	lost    []counted
	notices []otelmap.Notice
	errs    []error
	count   int
	until   time.Time // events were seen
}

// fakeHeart beats as often as a test says.
type fakeHeart struct{ sent, beats uint64 }

func (h *fakeHeart) Beat()                          { h.sent++ }
func (h *fakeHeart) Beats() (uint64, time.Duration) { return h.beats, time.Millisecond }

func newWatched(t *testing.T, text string) *watched {
	t.Helper()
	eng, _, err := loadEngine(config(t, text), fakeSource{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{}
	w.health = &health{
		beater: &w.fakeHeart,
		tell:   func(_ string, err error) { w.errs = append(w.errs, err) },
		seen:   func(until time.Time) { w.until = until },
		gaps: &gaps{
			engine: eng, source: fakeSource{},
			losses: func() []counted { return w.lost },
			tell:   func(n otelmap.Notice) { w.notices = append(w.notices, n) },
			told:   func() { w.count++ },
			seen:   map[hole]uint64{}, since: time.Unix(100, 0),
		},
	}
	return w
}

func TestGapsNameWhatMayBeHidden(t *testing.T) {
	for name, test := range map[string]struct {
		lost  hole
		types string
		rules string // "" : nothing is hidden
	}{
		"events of a type":      {hole{cause: "ring_full", eventType: "open"}, "[open]", "[Spy started]"},
		"any events":            {hole{cause: "undecodable"}, "<nil>", "[Spy started Closed]"},
		"of no rule":            {hole{cause: "ring_full", eventType: "fork"}, "", ""},
		"detections":            {hole{cause: "queue_full", priority: rules.Warning}, "<nil>", "[Spy started]"},
		"of another priority":   {hole{cause: "queue_full", priority: rules.Debug}, "", ""},
		"a rule that is broken": {hole{cause: "rule_failed", rule: "Closed"}, "<nil>", "[Closed]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWatched(t, spyRule+closeRule)
			w.lost = []counted{{test.lost, 0}}
			w.look(time.Unix(110, 0))
			w.lost[0].total = 7
			w.look(time.Unix(120, 0))
			w.look(time.Unix(130, 0)) // nothing new
			if test.rules == "" {
				if len(w.notices) != 0 {
					t.Errorf("%+v", w.notices)
				}
				return
			}
			if len(w.notices) != 1 || w.count != 1 {
				t.Fatalf("%d notices, %d counted", len(w.notices), w.count)
			}
			n := w.notices[0]
			attrs := n.Attributes.AsRaw()
			for key, want := range map[string]string{
				"lanner.gap.rules": test.rules, "lanner.gap.event_types": test.types, "lanner.gap.count": "7",
				"lanner.gap.causes": "[" + test.lost.cause + "]",
				"lanner.gap.start":  fmt.Sprint(int64(110e9)), "lanner.gap.end": fmt.Sprint(int64(120e9)),
			} {
				if got := fmt.Sprint(attrs[key]); got != want {
					t.Errorf("%s = %s, want %s", key, got, want)
				}
			}
			if n.Name != "lanner.visibility.gap" || n.Body == "" {
				t.Errorf("%q %q", n.Name, n.Body)
			}
		})
	}
}

func TestMissingHeartbeatsAreTold(t *testing.T) {
	w := newWatched(t, spyRule)
	now := time.Unix(100, 0)
	round := func(arrives bool) {
		w.beat()
		if arrives {
			w.beats++
		}
		now = now.Add(10 * time.Second)
		w.look(now)
	}
	round(true)
	round(false)
	round(false)
	if !w.until.Equal(time.Unix(110, 0)) {
		t.Errorf("events are said to be seen until %v", w.until)
	}
	if len(w.notices) != 0 {
		t.Fatalf("two missing heartbeats are told: %+v", w.notices)
	}
	round(false)
	round(true)
	if len(w.notices) != 1 || fmt.Sprint(w.notices[0].Attributes.AsRaw()["lanner.gap.causes"]) != "[no_heartbeat]" {
		t.Errorf("%+v", w.notices)
	}
	if want := []error{nil, errNoHeartbeat, nil}; !slices.Equal(w.errs, want) {
		t.Errorf("%v, want %v", w.errs, want)
	}
}

func TestGapNamesACauseOnce(t *testing.T) {
	w := newWatched(t, spyRule)
	w.lost = []counted{
		{hole{cause: "ring_full", eventType: "open"}, 1},
		{hole{cause: "ring_full", eventType: "close"}, 1},
		{hole{cause: "ring_full"}, 1},
	}
	w.look(time.Unix(110, 0))
	if want := "Matches of 1 rules may have gone unseen in the last 10s: ring_full"; w.notices[0].Body != want {
		t.Errorf("%q, want %q", w.notices[0].Body, want)
	}
}

// TestStatusIsOfAllCauses: the receiver is well only when all causes are.
func TestStatusIsOfAllCauses(t *testing.T) {
	host := newReportingHost()
	s := newStatus(host)
	s.set("a", nil)
	s.set("a", errors.New("broken a"))
	s.set("a", errors.New("broken a"))
	s.set("b", errors.New("broken b"))
	s.set("a", nil)
	s.set("b", nil)
	var got []componentstatus.Status
	close(host.events)
	for ev := range host.events {
		got = append(got, ev.Status())
	}
	bad, ok := componentstatus.StatusRecoverableError, componentstatus.StatusOK
	if want := []componentstatus.Status{bad, bad, bad, ok}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestFullQueueBecomesAGap is the way from a lost detection to its record.
func TestFullQueueBecomesAGap(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Delivery.QueueSize = 1
	cfg.Health.Interval = time.Millisecond
	out, take := records(t)
	gate := make(chan struct{})
	entered := make(chan struct{}, 10)
	s, telemetry := start(t, cfg, taker(t, func(logs plog.Logs) error {
		entered <- struct{}{}
		<-gate
		return take(logs)
	}))
	s.send("spy")
	<-entered
	for range 4 { // one waits, the others are lost
		s.send("spy")
	}
	s.send("cat") // all are put by now
	close(gate)
	rec := next(t, out, "lanner.visibility.gap")
	attrs := rec.Attributes().AsRaw()
	if fmt.Sprint(attrs["lanner.gap.causes"]) != "[queue_full]" || fmt.Sprint(attrs["lanner.gap.rules"]) != "[Spy started]" {
		t.Errorf("%v", attrs)
	}
	if n := points(t, telemetry, "otelcol.lanner.detections.lost")["cause=queue_full,priority=Warning"]; n < 3 {
		t.Errorf("%d lost detections are counted", n)
	}
	if n := points(t, telemetry, "otelcol.lanner.visibility.gaps")[""]; n < 1 {
		t.Errorf("%d gaps are counted", n)
	}
}
