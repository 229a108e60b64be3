package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/internal/testenv"
)

// envReadFile makes the test program read the file that it names, and exit.
const envReadFile = "LANNER_E2E_READ"

func TestMain(m *testing.M) {
	if path := os.Getenv(envReadFile); path != "" {
		if _, err := os.ReadFile(path); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv(envFlood) != "" {
		flood()
	}
	if os.Getenv(envChurn) != "" {
		churn()
	}
	os.Exit(m.Run())
}

// toSink is a configuration that sends detections of rules to an OTLP server.
func toSink(rules, address string) string {
	return fmt.Sprintf(`
receivers:
  runtime_security:
    rules: {files: [%q]}
    delivery: {batch_delay: 10ms}
exporters:
  otlp_grpc:
    endpoint: %s
    tls: {insecure: true}
service:
  pipelines:
    logs: {receivers: [runtime_security], exporters: [otlp_grpc]}
  telemetry:
    metrics: {level: none}
`, rules, address)
}

const shadow = "/etc/shadow"

// read runs a program called name that reads /etc/shadow, and returns its pid.
func read(t *testing.T, name string) (pid int, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	copyTo(t, path)
	cmd := exec.Command(path, "of", "secrets")
	cmd.Env = append(os.Environ(), envReadFile+"="+shadow,
		"TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid, path
}

// TestDefaultRulesTellWhoReadShadow is the first thing that a user sees: the
// default rules, a program that reads /etc/shadow, one record.
func TestDefaultRulesTellWhoReadShadow(t *testing.T) {
	testenv.Root(t)
	sink, address := newSink(t)
	start(t, toSink("embedded:lanner_rules.yaml", address))

	before := time.Now()
	pid, path := read(t, "lanner-reader")
	rec := sink.find(t, func(r record) bool {
		return r.text("process.executable.path") == path && r.text("file.path") == shadow
	})

	if rec.EventName() != "lanner.rule.match" {
		t.Errorf("event name %q", rec.EventName())
	}
	if rec.SeverityNumber() != plog.SeverityNumberWarn || rec.SeverityText() != "Warning" {
		t.Errorf("severity %v, %q", rec.SeverityNumber(), rec.SeverityText())
	}
	if at := rec.Timestamp().AsTime(); at.Before(before.Add(-time.Second)) || at.After(rec.ObservedTimestamp().AsTime()) {
		t.Errorf("the kernel's time %v is not between the start %v and the observation %v", at, before, rec.ObservedTimestamp())
	}
	if rec.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" || rec.SpanID().String() != "b7ad6b7169203331" {
		t.Errorf("trace %s, span %s", rec.TraceID(), rec.SpanID())
	}
	for key, want := range map[string]string{
		"process.pid":             strconv.Itoa(pid),
		"process.parent_pid":      strconv.Itoa(os.Getpid()),
		"process.executable.name": "lanner-reader",
		"process.command_line":    "lanner-reader of secrets",
		"process.user.id":         "0",
		"process.user.name":       "root",
		"lanner.process.comm":     "lanner-reader",
		"file.directory":          "/etc",
		"file.name":               "shadow",
		"lanner.event.source":     "syscall",
		"lanner.field.fd.name":    shadow,
	} {
		if got := rec.text(key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	if rec.text("security_rule.name") == "" || rec.Body().Str() == "" {
		t.Error("the record lacks the rule's name or the output")
	}
	if ids, ok := rec.Attributes().Get("threat.technique.id"); !ok || !slices.Contains(ids.Slice().AsRaw(), any("T1003")) {
		t.Errorf("techniques: %v", rec.text("threat.technique.id"))
	}
	if host, _ := os.Hostname(); rec.resource["host.name"] != host {
		t.Errorf("host.name = %v, want %q", rec.resource["host.name"], host)
	}
}
