package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"

	"github.com/lannersec/lanner/internal/testenv"
)

// backend is a sink that can be down, always at the same address.
type backend struct {
	*sink
	t       *testing.T
	address string
	server  *grpc.Server
	delay   time.Duration // of each answer
}

// newBackend starts a backend that is up.
func newBackend(t *testing.T, delay time.Duration) *backend {
	t.Helper()
	b := &backend{sink: &sink{records: make(chan record, 100_000)}, t: t, address: "127.0.0.1:0", delay: delay}
	b.up()
	t.Cleanup(b.down)
	return b
}

// up listens where the backend listened before.
func (b *backend) up() {
	b.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.address = listener.Addr().String()
	b.server = grpc.NewServer()
	plogotlp.RegisterGRPCServer(b.server, b)
	go func(s *grpc.Server) { _ = s.Serve(listener) }(b.server)
}

func (b *backend) down() { b.server.Stop() }

// Export implements plogotlp.GRPCServer.
func (b *backend) Export(ctx context.Context, req plogotlp.ExportRequest) (plogotlp.ExportResponse, error) {
	select {
	case <-time.After(b.delay):
	case <-ctx.Done():
		return plogotlp.NewExportResponse(), ctx.Err()
	}
	return b.sink.Export(ctx, req)
}

// heard are the marks that a backend has records of, with the records'
// identities.
type heard map[int]map[string]bool

// until reads records until there is one for each of n marks, and returns the
// causes of the gaps that they tell of.
func (b *backend) until(t *testing.T, n int, prefix string, got heard) (causes string) {
	t.Helper()
	for len(got) < n {
		rec := b.find(t, func(r record) bool {
			return r.EventName() == "lanner.visibility.gap" || strings.HasPrefix(r.Body().Str(), prefix)
		})
		if rec.EventName() == "lanner.visibility.gap" {
			causes += rec.text("lanner.gap.causes")
			continue
		}
		mark, err := strconv.Atoi(strings.TrimPrefix(rec.Body().Str(), prefix))
		if err != nil {
			t.Fatal(err)
		}
		if got[mark] == nil {
			got[mark] = map[string]bool{}
		}
		got[mark][rec.text("log.record.uid")] = true
	}
	return causes
}

const markRule = `
- rule: Mark
  desc: A marked event.
  condition: evt.type in (open, openat) and evt.arg.name startswith %q
  output: "%%evt.arg.name"
  priority: WARNING
  tags: [mitre_execution]
`

const durable = `
extensions:
  file_storage: {directory: %[1]q, create_directory: true, fsync: true}
receivers:
  runtime_security:
    rules: {files: [%[2]q]}
    delivery: {batch_delay: 0s}
    health: {interval: 100ms}
    storage: file_storage
exporters:
  otlp_grpc/first: &otlp
    endpoint: %[3]s
    tls: {insecure: true}
    sending_queue: {storage: file_storage, sizer: bytes, queue_size: 100_000_000}
    retry_on_failure: {initial_interval: 100ms, max_interval: 1s, max_elapsed_time: 0s}
  otlp_grpc/slow:
    <<: *otlp
    endpoint: %[4]s
service:
  extensions: [file_storage]
  pipelines:
    logs: {receivers: [runtime_security], exporters: [otlp_grpc/first, otlp_grpc/slow]}
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %[5]d}}}}]
`

// outage is how long the backend is down: LANNER_OUTAGE, as in 1m.
func outage(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("LANNER_OUTAGE")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestNoDetectionIsLostOnTheWay: a backend that is down for a time, a SIGKILL and
// a slow second consumer cost no detection. Copies of a record have the same
// identity, and the time without a Collector is told.
func TestNoDetectionIsLostOnTheWay(t *testing.T) {
	testenv.Root(t)
	dir := t.TempDir()
	prefix, rules := filepath.Join(dir, "mark-"), filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(rules, fmt.Appendf(nil, markRule, prefix), 0o600); err != nil {
		t.Fatal(err)
	}
	first, slow := newBackend(t, 0), newBackend(t, 50*time.Millisecond)
	port := freePort(t)
	config := fmt.Sprintf(durable, filepath.Join(dir, "queue"), rules, first.address, slow.address, port)
	marks := 0
	mark := func(n int) {
		for range n {
			_, _ = os.Open(fmt.Sprint(prefix, marks)) // it is not there
			marks++
		}
	}

	c := start(t, config)
	mark(50)
	got := heard{}
	first.until(t, marks, prefix, got)

	first.down()
	mark(200)
	waitForMetric(t, port, "otelcol_receiver_accepted_log_records", float64(marks))
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.end(t, waitTime)

	start(t, config)
	mark(200)
	waitForMetric(t, port, "otelcol_receiver_accepted_log_records", 200)
	<-time.After(outage(t)) // the time that the test is about
	first.up()

	slowGot := heard{}
	causes := first.until(t, marks, prefix, got)
	slow.until(t, marks, prefix, slowGot)
	if !strings.Contains(causes, "not_running") { // the queue's consumers are several: it comes later
		first.find(t, func(r record) bool { return strings.Contains(r.text("lanner.gap.causes"), "not_running") })
	}
	for n := range marks {
		if len(got[n]) != 1 || len(slowGot[n]) != 1 || fmt.Sprint(got[n]) != fmt.Sprint(slowGot[n]) {
			t.Errorf("mark %d has the identities %v and, at the slow consumer, %v", n, got[n], slowGot[n])
		}
	}
}
