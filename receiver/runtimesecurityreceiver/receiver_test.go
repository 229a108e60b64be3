package runtimesecurityreceiver

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/internal/noise"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

const spyRule = `
- rule: Spy started
  desc: A program that is called spy.
  condition: evt.type = open and proc.name = spy
  output: a spy (name=%proc.name)
  priority: WARNING
  tags: [mitre_execution, T1059.004]
`

// config is a valid configuration with the rules text, which delivers at once.
func config(t *testing.T, text string) *Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := createDefaultConfig().(*Config)
	cfg.Rules.Files = []string{path}
	cfg.Delivery.BatchSize = 1
	return cfg
}

// start starts a receiver on a fake stream.
func start(t *testing.T, cfg *Config, next consumer.Logs) (*fakeStream, *componenttest.Telemetry) {
	t.Helper()
	return startOn(t, cfg, next, componenttest.NewNopHost())
}

// startOn is start on a host.
func startOn(t *testing.T, cfg *Config, next consumer.Logs, host component.Host) (*fakeStream, *componenttest.Telemetry) {
	t.Helper()
	s := newFakeStream()
	telemetry := componenttest.NewTelemetry()
	set := receivertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	r := newReceiver(cfg, set, next, fakeSource{}, s.open)
	if err := r.Start(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s, telemetry
}

// taker is a pipeline that hands each batch to a function.
func taker(t *testing.T, take func(plog.Logs) error) consumer.Logs {
	t.Helper()
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error { return take(logs) })
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func TestDetectionReachesThePipeline(t *testing.T) {
	taken := make(chan plog.Logs, 1)
	s, telemetry := start(t, config(t, spyRule), taker(t, func(l plog.Logs) error { taken <- l; return nil }))
	s.send("cat")
	s.send("spy")
	logs := <-taken

	if n := logs.LogRecordCount(); n != 1 {
		t.Fatalf("%d records", n)
	}
	rec := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	if rec.EventName() != "lanner.rule.match" || rec.Body().Str() != "a spy (name=spy)" {
		t.Errorf("event name %q, body %q", rec.EventName(), rec.Body().Str())
	}
	s.failed <- errIdle
	s.send("cat") // is taken only after the pause was
	if n := sum(t, telemetry, "otelcol.lanner.events"); n != 2 {
		t.Errorf("%d events counted, 2 sent", n)
	}
	if n := sum(t, telemetry, "otelcol.lanner.rule.matches"); n != 1 {
		t.Errorf("%d matches counted", n)
	}
}

// sum adds the points of a counter.
func sum(t *testing.T, telemetry *componenttest.Telemetry, name string) (n int64) {
	t.Helper()
	m, err := telemetry.GetMetric(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
		n += p.Value
	}
	return n
}

func TestRuleHasASeriesBeforeItMatches(t *testing.T) {
	_, telemetry := start(t, config(t, spyRule), consumertest.NewNop())
	m, err := telemetry.GetMetric("otelcol.lanner.rule.matches")
	if err != nil {
		t.Fatal(err)
	}
	points := m.Data.(metricdata.Sum[int64]).DataPoints
	if len(points) != 1 || points[0].Value != 0 {
		t.Fatalf("points %v", points)
	}
	if rule, _ := points[0].Attributes.Value("rule"); rule.AsString() != "Spy started" {
		t.Errorf("rule %q", rule.AsString())
	}
}

func TestFullQueueLosesAndCounts(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Delivery.QueueSize = 1
	entered, leave := make(chan struct{}, 10), make(chan struct{})
	s, telemetry := start(t, cfg, taker(t, func(plog.Logs) error {
		entered <- struct{}{}
		<-leave
		return nil
	}))
	s.send("spy") // in the pipeline
	<-entered
	s.send("spy") // in the queue
	s.send("spy") // lost
	s.send("cat") // is taken only after the third was put
	if n := sum(t, telemetry, "otelcol.lanner.detections.lost"); n != 1 {
		t.Errorf("%d detections counted as lost", n)
	}
	close(leave)
}

func TestRefusedForTheMomentIsOfferedAgain(t *testing.T) {
	offers := make(chan int, 10)
	n := 0
	s, _ := start(t, config(t, spyRule), taker(t, func(plog.Logs) error {
		n++
		offers <- n
		if n == 1 {
			return errors.New("busy")
		}
		return nil
	}))
	s.send("spy")
	if first, second := <-offers, <-offers; first != 1 || second != 2 {
		t.Errorf("offers %d, %d", first, second)
	}
}

func TestRefusedForGoodIsLostAndCounted(t *testing.T) {
	offered := make(chan struct{}, 10)
	s, telemetry := start(t, config(t, spyRule), taker(t, func(plog.Logs) error {
		offered <- struct{}{}
		return consumererror.NewPermanent(errors.New("never"))
	}))
	s.send("spy")
	s.send("spy")
	<-offered
	<-offered // the first is counted by now
	if n := sum(t, telemetry, "otelcol.lanner.detections.lost"); n < 1 {
		t.Errorf("%d detections counted as lost", n)
	}
}

// TestShutdownDeliversWhatWaits: what was detected before the end is not lost.
func TestShutdownDeliversWhatWaits(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Delivery.BatchSize, cfg.Delivery.BatchDelay = 100, time.Hour
	sink := new(consumertest.LogsSink)
	s := newFakeStream()
	r := newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), sink, fakeSource{}, s.open)
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	s.send("spy")
	s.send("spy")
	s.send("cat") // is taken only after the second detection is queued
	for range 2 {
		if err := r.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := sink.LogRecordCount(); n != 2 {
		t.Errorf("%d records delivered", n)
	}
}

func TestShutdownWithoutStart(t *testing.T) {
	r := newReceiver(config(t, spyRule), receivertest.NewNopSettings(metadata.Type), consumertest.NewNop(), fakeSource{}, nil)
	if err := r.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestStartErrors: what a user sees of a host or rules that do not allow a start.
func TestStartErrors(t *testing.T) {
	refusing := func(*Config, *engine.Engine, *zap.Logger) (stream, error) {
		return nil, errors.New("CAP_BPF is missing")
	}
	for name, test := range map[string]struct {
		change func(*Config)
		open   opener
		want   []string
	}{
		"no rights":     {nil, refusing, []string{"capture:", "CAP_BPF is missing"}},
		"no such field": {func(c *Config) { c.Noise.Aggregate = noise.AggregateConfig{Window: 1, Keys: []string{"proc.nmae"}} }, nil, []string{"noise::aggregate::keys[0]", "proc.nmae"}},
		"no such file":  {func(c *Config) { c.Rules.Files = []string{"/no/such/file.yaml"} }, nil, []string{"/no/such/file.yaml"}},
		"not embedded":  {func(c *Config) { c.Rules.Files = []string{"embedded:other.yaml"} }, nil, []string{`"other.yaml"`, "lanner_rules.yaml"}},
		"broken rule":   {func(c *Config) { *c = *config(t, strings.Replace(spyRule, "proc.name =", "proc.nam =", 1)) }, nil, []string{"rules.yaml:4:", "proc.nam", "proc.name"}},
		"not even YAML": {func(c *Config) { *c = *config(t, "- rule: [") }, nil, []string{"rules.yaml:"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, open := config(t, spyRule), test.open
			if test.change != nil {
				test.change(cfg)
			}
			if open == nil {
				open = newFakeStream().open
			}
			r := newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), consumertest.NewNop(), fakeSource{}, open)
			err := r.Start(t.Context(), componenttest.NewNopHost())
			if err == nil {
				t.Fatal("it starts")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q:\n%v", want, err)
				}
			}
		})
	}
}
