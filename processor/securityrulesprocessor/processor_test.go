package securityrulesprocessor

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/processor/securityrulesprocessor/internal/metadata"
)

// sample is the audit events of testdata, one a line.
func sample(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/audit/k8s.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// withRules is a configuration with the rules of testdata.
func withRules(change ...func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Rules.Files = []string{"testdata/rules.yaml"}
	cfg.PassThrough = false
	for _, one := range change {
		one(cfg)
	}
	return cfg
}

// begin starts a processor that ends with the test.
func begin(t testing.TB, cfg *Config, set processor.Settings, next consumer.Logs) processor.Logs {
	t.Helper()
	p, err := NewFactory().CreateLogs(t.Context(), set, cfg, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func start(t testing.TB, cfg *Config, next consumer.Logs) processor.Logs {
	t.Helper()
	return begin(t, cfg, processortest.NewNopSettings(metadata.Type), next)
}

var traceID = pcommon.TraceID{1, 2, 3}

// records makes a batch of records with bodies, on one resource, with a trace.
func records(bodies ...any) plog.Logs {
	logs := plog.NewLogs()
	group := logs.ResourceLogs().AppendEmpty()
	group.Resource().Attributes().PutStr("service.name", "shop")
	scope := group.ScopeLogs().AppendEmpty()
	for _, body := range bodies {
		rec := scope.LogRecords().AppendEmpty()
		rec.SetTraceID(traceID)
		rec.SetSpanID(pcommon.SpanID{4})
		if err := rec.Body().FromRaw(body); err != nil {
			panic(err)
		}
	}
	return logs
}

// flat lists all records of what a sink got.
func flat(sink *consumertest.LogsSink) []plog.LogRecord {
	var list []plog.LogRecord
	for _, logs := range sink.AllLogs() {
		for _, group := range logs.ResourceLogs().All() {
			for _, scope := range group.ScopeLogs().All() {
				for _, rec := range scope.LogRecords().All() {
					list = append(list, rec)
				}
			}
		}
	}
	return list
}

// outputs are the bodies of the detections that a sink got.
func outputs(sink *consumertest.LogsSink) []string {
	var list []string
	for _, rec := range flat(sink) {
		if rec.EventName() == otelmap.EventName {
			list = append(list, rec.Body().Str())
		}
	}
	return list
}

// run sends one batch through a processor.
func run(t *testing.T, cfg *Config, logs plog.Logs) *consumertest.LogsSink {
	t.Helper()
	sink := new(consumertest.LogsSink)
	if err := start(t, cfg, sink).ConsumeLogs(t.Context(), logs); err != nil {
		t.Fatal(err)
	}
	return sink
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

const execOutput = "exec by ann into web-0 (sh)"

// azure is events as Event Hubs bring them, among records of other kinds.
func azure(t *testing.T, events ...string) []byte {
	t.Helper()
	records := []any{map[string]any{"category": "kube-apiserver", "properties": map[string]any{"log": "I1120 started"}}}
	for _, e := range events {
		records = append(records, map[string]any{"category": "kube-audit", "properties": map[string]any{"log": e + "\n", "pod": "kube-apiserver"}})
	}
	text, err := json.Marshal(map[string]any{"records": records})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestBodies: an event is the same in every form that a body may have.
func TestBodies(t *testing.T) {
	exec, anonymous := sample(t)[0], sample(t)[1]
	both := []string{execOutput, "anonymous list of /api/v1/secrets?limit=500"}
	list := `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[` + exec + "," + anonymous + `]}`
	for name, test := range map[string]struct {
		body any
		want []string
	}{
		"text":           {exec, both[:1]},
		"bytes":          {[]byte(exec), both[:1]},
		"map":            {parsed(t, exec), both[:1]},
		"list as text":   {list, both},
		"list as map":    {parsed(t, list), both},
		"array":          {parsed(t, "["+exec+","+anonymous+"]"), both},
		"lines":          {exec + "\n" + anonymous + "\n", both},
		"cloudtrail":     {`{"Records":[{"eventVersion":"1.08","eventTime":"2026-11-20T10:00:00Z","eventID":"e","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"IAMUser","userName":"bob"}}]}`, []string{"login of bob from 192.0.2.1"}},
		"azure":          {azure(t, exec, anonymous), both},
		"broken azure":   {`{"records": [{`, nil},
		"own document":   {map[string]any{"order": map[string]any{"id": "o-1", "amount": 1000.0}}, []string{"o-1"}},
		"other text":     {"GET / 200", nil},
		"other number":   {int64(7), nil},
		"broken":         {`{"kind":"Event","auditID"`, nil},
		"nothing at all": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outputs(run(t, withRules(), records(test.body))); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestDetection: what the record of a detection says.
func TestDetection(t *testing.T) {
	sink := run(t, withRules(), records(sample(t)[0]))
	list := flat(sink)
	if len(list) != 1 {
		t.Fatalf("%d records", len(list))
	}
	rec := list[0]
	if rec.TraceID() != traceID || rec.SpanID().IsEmpty() {
		t.Error("the trace is lost")
	}
	if got := rec.Timestamp().AsTime().Format("15:04:05.000"); got != "10:00:00.250" {
		t.Errorf("time %s", got)
	}
	if got := sink.AllLogs()[0].ResourceLogs().At(0).Resource().Attributes().AsRaw(); !reflect.DeepEqual(got, map[string]any{"service.name": "shop"}) {
		t.Errorf("resource %v", got)
	}
	attrs := rec.Attributes().AsRaw()
	for key, want := range map[string]any{
		"security_rule.name": "Exec into pod", "lanner.event.source": "k8s_audit", "lanner.event.type": "get",
		"user.name": "ann", "user.id": "u-7", "user.roles": []any{"developers", "system:authenticated"},
		"source.address": "192.0.2.7", "user_agent.original": "kubectl/v1.36.0 (linux/amd64)",
		"url.path": "/api/v1/namespaces/shop/pods/web-0/exec", "http.response.status_code": int64(101),
		"k8s.namespace.name": "shop", "k8s.pod.name": "web-0", "lanner.k8s.object.subresource": "exec",
		"lanner.field.ka.uri.param[command]": "sh", "threat.technique.id": []any{"T1609"},
	} {
		if !reflect.DeepEqual(attrs[key], want) {
			t.Errorf("%s = %v, want %v", key, attrs[key], want)
		}
	}
}

// TestSameEventHasOneIdentity: an event that comes twice makes records that who
// stores them can tell to be one.
func TestSameEventHasOneIdentity(t *testing.T) {
	lines := sample(t)
	sink := run(t, withRules(), records(lines[0], lines[1], lines[0]))
	var ids []string
	for _, rec := range flat(sink) {
		id, _ := rec.Attributes().Get("log.record.uid")
		ids = append(ids, id.Str())
	}
	if len(ids) != 3 || ids[0] != ids[2] || ids[0] == ids[1] {
		t.Errorf("%q", ids)
	}
}

// TestOutputs: what goes on, by output and pass-through. Of the two records the
// first matches.
func TestOutputs(t *testing.T) {
	lines := sample(t)
	matching, other := lines[0], lines[4]
	for name, test := range map[string]struct {
		output      string
		passThrough bool
		want        string // d: detection, m: matching record, a: it with attributes, o: other record
	}{
		"detections":               {outputDetections, false, "d"},
		"detections, pass through": {outputDetections, true, "mod"},
		"annotate":                 {outputAnnotate, false, "a"},
		"annotate, pass through":   {outputAnnotate, true, "ao"},
		"both":                     {outputBoth, false, "ad"},
		"both, pass through":       {outputBoth, true, "aod"},
	} {
		t.Run(name, func(t *testing.T) {
			sink := run(t, withRules(func(c *Config) { c.Output, c.PassThrough = test.output, test.passThrough }), records(matching, other))
			var got strings.Builder
			for _, rec := range flat(sink) {
				_, annotated := rec.Attributes().Get("lanner.rule.matches")
				switch {
				case rec.EventName() == otelmap.EventName:
					got.WriteByte('d')
				case rec.Body().Str() == other:
					got.WriteByte('o')
				case annotated:
					got.WriteByte('a')
				default:
					got.WriteByte('m')
				}
			}
			if got.String() != test.want {
				t.Errorf("%s, want %s", got.String(), test.want)
			}
		})
	}
}

// TestAnnotation: a record with several events says all rules, and the most
// urgent one's attributes.
func TestAnnotation(t *testing.T) {
	lines := sample(t)
	logs := records("[" + lines[0] + "," + lines[1] + "]")
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("user.name", "whoever")
	attrs := flat(run(t, withRules(func(c *Config) { c.Output = outputAnnotate }), logs))[0].Attributes().AsRaw()
	for key, want := range map[string]any{
		"lanner.rule.matches": []any{"Exec into pod", "Anonymous request"}, "security_rule.name": "Anonymous request",
		"lanner.rule.priority": "Error", "lanner.rule.output": "anonymous list of /api/v1/secrets?limit=500",
		"user.name": "whoever",
	} {
		if !reflect.DeepEqual(attrs[key], want) {
			t.Errorf("%s = %v, want %v", key, attrs[key], want)
		}
	}
}

// TestLogRules: rules for any record see its parts.
func TestLogRules(t *testing.T) {
	logs := records("password failed", "ok")
	for _, rec := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		rec.Attributes().PutStr("event", "login")
		rec.SetSeverityText("warn")
	}
	if got := outputs(run(t, withRules(), logs)); !reflect.DeepEqual(got, []string{"failed login (warn)"}) {
		t.Errorf("%q", got)
	}
}

// TestSources: the configuration and the record itself say what a body is.
func TestSources(t *testing.T) {
	odd := strings.Replace(sample(t)[0], `"kind":"Event",`, "", 1)
	odd = strings.Replace(odd, `"auditID"`, `"id"`, 1)
	named := withRules(func(c *Config) {
		c.Sources = []SourceConfig{{Name: "json", Attributes: map[string]string{"log.type": "own"}}}
	})
	for name, test := range map[string]struct {
		cfg   *Config
		key   string
		value string
		body  string
		want  []string
	}{
		"by shape":              {withRules(), "", "", sample(t)[0], []string{execOutput}},
		"no shape":              {withRules(), "", "", odd, nil},
		"configured attribute":  {named, "log.type", "own", sample(t)[0], nil},
		"said to be k8s_audit":  {withRules(), keySource, "k8s_audit", sample(t)[0], []string{execOutput}},
		"said to be no audit":   {withRules(), keySource, "syscall", sample(t)[0], nil},
		"said, but is no event": {withRules(), keySource, "k8s_audit", "text", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, on := range []string{"record", "scope", "resource"} {
				logs := records(test.body)
				group := logs.ResourceLogs().At(0)
				if test.key != "" {
					map[string]pcommon.Map{
						"record":   group.ScopeLogs().At(0).LogRecords().At(0).Attributes(),
						"scope":    group.ScopeLogs().At(0).Scope().Attributes(),
						"resource": group.Resource().Attributes(),
					}[on].PutStr(test.key, test.value)
				}
				if got := outputs(run(t, test.cfg, logs)); !reflect.DeepEqual(got, test.want) {
					t.Errorf("on the %s: %q, want %q", on, got, test.want)
				}
			}
		})
	}
}

// TestDetectionsAreNoEvents: records of detections pass a second processor.
func TestDetectionsAreNoEvents(t *testing.T) {
	first := run(t, withRules(), records(sample(t)[0]))
	second := run(t, withRules(func(c *Config) { c.Output = outputAnnotate; c.PassThrough = true }), first.AllLogs()[0])
	if list := flat(second); len(list) != 1 || list[0].Body().Str() != execOutput {
		t.Errorf("%d records", len(list))
	}
}

// TestMany: goroutines bring records at once, and none is lost.
func TestMany(t *testing.T) {
	const goroutines, batches = 16, 50
	sink := new(consumertest.LogsSink)
	p := start(t, withRules(), sink)
	lines := sample(t)
	var all sync.WaitGroup
	for range goroutines {
		all.Go(func() {
			for range batches {
				if err := p.ConsumeLogs(t.Context(), records(lines[0], lines[4])); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(outputs(sink)); n != goroutines*batches {
		t.Errorf("%d detections, want %d", n, goroutines*batches)
	}
}

// TestRefusalGoesBack: who brings records hears that they were not taken.
func TestRefusalGoesBack(t *testing.T) {
	refused := context.DeadlineExceeded
	p := start(t, withRules(), consumertest.NewErr(refused))
	if err := p.ConsumeLogs(t.Context(), records(sample(t)[0])); err != refused {
		t.Errorf("error %v", err)
	}
	if err := p.ConsumeLogs(t.Context(), records(sample(t)[4])); err != nil {
		t.Errorf("there was nothing to refuse: %v", err)
	}
}

func TestStartSaysWhatIsWrongWithRules(t *testing.T) {
	cfg := withRules(func(c *Config) { c.Rules.Files = []string{"testdata/bad_rules.yaml"} })
	p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	err = p.Start(t.Context(), componenttest.NewNopHost())
	if err == nil || !strings.Contains(err.Error(), "ka.usr.name") || !strings.Contains(err.Error(), "ka.user.name") {
		t.Errorf("error %v", err)
	}
	for range 2 {
		if err := p.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
