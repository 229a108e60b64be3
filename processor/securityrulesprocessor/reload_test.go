package securityrulesprocessor

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/lannersec/lanner/processor/securityrulesprocessor/internal/metadata"
)

// rule is a rules file with one rule for anonymous requests.
func rule(name string) string {
	return "- rule: " + name + "\n  desc: d\n  source: k8s_audit\n  condition: ka.user.name = system:anonymous\n  output: o\n  priority: INFO\n"
}

// channel is a pipeline that hands records out.
type channel chan plog.LogRecord

func (c channel) consume(_ context.Context, logs plog.Logs) error {
	for _, group := range logs.ResourceLogs().All() {
		for _, scope := range group.ScopeLogs().All() {
			for _, rec := range scope.LogRecords().All() {
				c <- rec
			}
		}
	}
	return nil
}

func (c channel) consumer(t testing.TB) consumer.Logs {
	t.Helper()
	next, err := consumer.NewLogs(c.consume)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// next waits for a record.
func (c channel) next(t *testing.T) plog.LogRecord {
	t.Helper()
	select {
	case rec := <-c:
		return rec
	case <-time.After(30 * time.Second):
		t.Fatal("no record came")
		return plog.NewLogRecord()
	}
}

func text(rec plog.LogRecord, key string) string {
	v, _ := rec.Attributes().Get(key)
	return v.AsString()
}

// replace writes a file as editors do: all at once.
func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// TestReload: changed rules run from the record on that says so; broken ones do
// not, and it is said why.
func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	replace(t, path, rule("one"))
	telemetry := componenttest.NewTelemetry()
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	out := make(channel, 10)
	p := begin(t, withRules(func(c *Config) {
		c.Rules.Files = []string{path}
		c.Rules.Reload.Debounce = time.Millisecond
	}), set, out.consumer(t))
	detect := func(want string) {
		t.Helper()
		if err := p.ConsumeLogs(t.Context(), records(sample(t)[1])); err != nil {
			t.Fatal(err)
		}
		if got := text(out.next(t), "security_rule.name"); got != want {
			t.Errorf("rule %q, want %q", got, want)
		}
	}
	detect("one")

	replace(t, path, rule("two"))
	if rec := out.next(t); rec.EventName() != "lanner.rules.reload" || text(rec, "lanner.reload.result") != "success" {
		t.Errorf("%s %v", rec.EventName(), rec.Attributes().AsRaw())
	}
	detect("two")

	replace(t, path, strings.Replace(rule("three"), "ka.user.name", "ka.usr.name", 1))
	if rec := out.next(t); text(rec, "lanner.reload.result") != "failure" || !strings.Contains(text(rec, "error.message"), "ka.usr.name") {
		t.Errorf("%s %v", rec.EventName(), rec.Attributes().AsRaw())
	}
	detect("two")

	for metric, want := range map[string]map[string]int64{
		"otelcol.lanner.rules.reloads": {"result=success": 1, "result=failure": 1},
		"otelcol.lanner.rule.matches":  {"priority=Informational,rule=two": 2},
		"otelcol.lanner.rules":         {"state=loaded": 1, "state=enabled": 1, "state=skipped": 0},
	} {
		if got := points(t, telemetry, metric); !equal(got, want) {
			t.Errorf("%s: %v, want %v", metric, got, want)
		}
	}
}

// TestUnreadRecordsAreCounted by their cause, from zero on.
func TestUnreadRecordsAreCounted(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	out := make(channel, 10)
	p := begin(t, withRules(), set, out.consumer(t))
	if err := p.ConsumeLogs(t.Context(), records(`{"a":`, "text", `{"kind":"Pod"}`)); err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"cause=malformed": 1, "cause=unknown": 0}
	if got := points(t, telemetry, "otelcol.lanner.records.unread"); !equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// points are a metric's values by their attributes but that of the component.
func points(t *testing.T, telemetry *componenttest.Telemetry, name string) map[string]int64 {
	t.Helper()
	m, err := telemetry.GetMetric(name)
	if err != nil {
		t.Fatal(err)
	}
	var list []metricdata.DataPoint[int64]
	switch data := m.Data.(type) {
	case metricdata.Sum[int64]:
		list = data.DataPoints
	case metricdata.Gauge[int64]:
		list = data.DataPoints
	}
	values := map[string]int64{}
	for _, p := range list {
		attrs, _ := p.Attributes.Filter(func(kv attribute.KeyValue) bool { return kv.Key != "processor" })
		values[attrs.Encoded(attribute.DefaultEncoder())] = p.Value
	}
	return values
}

func equal(got, want map[string]int64) bool {
	for key, n := range want {
		if have, ok := got[key]; !ok || have != n {
			return false
		}
	}
	return len(got) == len(want)
}
