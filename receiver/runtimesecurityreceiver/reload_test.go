package runtimesecurityreceiver

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// reportingHost keeps what components tell of their status.
type reportingHost struct {
	component.Host
	events chan *componentstatus.Event
}

func newReportingHost() *reportingHost {
	return &reportingHost{componenttest.NewNopHost(), make(chan *componentstatus.Event, 100)}
}

func (h *reportingHost) Report(ev *componentstatus.Event) { h.events <- ev }

// records is a pipeline that hands out single records.
func records(t *testing.T) (chan plog.LogRecord, func(plog.Logs) error) {
	t.Helper()
	out := make(chan plog.LogRecord, 1000)
	return out, func(logs plog.Logs) error {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, rec := range scope.LogRecords().All() {
					copied := plog.NewLogRecord()
					rec.CopyTo(copied)
					out <- copied
				}
			}
		}
		return nil
	}
}

// next waits for the next record of an event name.
func next(t *testing.T, from chan plog.LogRecord, name string) plog.LogRecord {
	t.Helper()
	over := time.After(30 * time.Second)
	for {
		select {
		case rec := <-from:
			if rec.EventName() == name {
				return rec
			}
		case <-over:
			t.Fatalf("there is no record %s", name)
		}
	}
}

func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// TestReloadIsTold: broken rules leave the old ones running and are told to the
// log, the status, the metrics and the pipeline; so is their repair.
func TestReloadIsTold(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Rules.Reload.Debounce = time.Millisecond
	out, take := records(t)
	host := newReportingHost()
	s, telemetry := startOn(t, cfg, taker(t, take), host)
	path := cfg.Rules.Files[0]

	replace(t, path, strings.Replace(spyRule, "proc.name =", "proc.nam =", 1))
	rec := next(t, out, "lanner.rules.reload")
	if msg, _ := rec.Attributes().Get("error.message"); !strings.Contains(msg.Str(), "proc.nam") || rec.SeverityNumber() != plog.SeverityNumberError {
		t.Errorf("%v %v", rec.SeverityNumber(), rec.Attributes().AsRaw())
	}
	if ev := <-host.events; ev.Status() != componentstatus.StatusRecoverableError || !strings.Contains(ev.Err().Error(), "proc.nam") {
		t.Errorf("status %v, %v", ev.Status(), ev.Err())
	}
	s.send("spy")
	next(t, out, "lanner.rule.match")

	replace(t, path, strings.Replace(spyRule, "= spy", "= mole", 1))
	rec = next(t, out, "lanner.rules.reload")
	if changed, _ := rec.Attributes().Get("lanner.reload.rules.changed"); !slices.Equal(changed.Slice().AsRaw(), []any{"Spy started"}) {
		t.Errorf("%v", rec.Attributes().AsRaw())
	}
	if ev := <-host.events; ev.Status() != componentstatus.StatusOK {
		t.Errorf("status %v, %v", ev.Status(), ev.Err())
	}
	s.send("mole")
	if rec := next(t, out, "lanner.rule.match"); rec.Body().Str() != "a spy (name=mole)" {
		t.Errorf("%q", rec.Body().Str())
	}
	if got := points(t, telemetry, "otelcol.lanner.rules.reloads"); got["result=success"] != 1 || got["result=failure"] != 1 {
		t.Errorf("%v", got)
	}
	if got := points(t, telemetry, "otelcol.lanner.rules.files"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
