package k8sauditreceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
)

// samples are the audit events of testdata, one a line.
func samples(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/audit/k8s.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func sampleEvent(t testing.TB) string { return samples(t)[4] }

func list(events ...string) string {
	return `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + strings.Join(events, ",") + `]}`
}

// config listens on a free port.
func config(change ...func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
	for _, one := range change {
		one(cfg)
	}
	return cfg
}

// start starts a receiver that ends with the test, and returns its URL.
func start(t testing.TB, cfg *Config, next consumer.Logs) (r *auditReceiver, url string) {
	t.Helper()
	r = newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), next)
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r, "http://" + r.address.String() + cfg.Path
}

// answer is what a request came to.
type answer struct {
	status int
	header http.Header
	body   string
}

func send(t testing.TB, method, url, contentType string, body io.Reader, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

func post(t testing.TB, url, body string) answer {
	t.Helper()
	return send(t, http.MethodPost, url, "application/json", strings.NewReader(body))
}

// TestEventsBecomeRecords: each event is a record that holds it as it came.
func TestEventsBecomeRecords(t *testing.T) {
	sink := new(consumertest.LogsSink)
	_, url := start(t, config(func(c *Config) { c.ClusterName = "prod-1" }), sink)
	events := samples(t)
	if got := post(t, url, list(events...)); got.status != http.StatusOK || got.body != "" {
		t.Fatalf("%+v", got)
	}
	if n := len(sink.AllLogs()); n != 1 {
		t.Fatalf("%d batches", n)
	}
	group := sink.AllLogs()[0].ResourceLogs().At(0)
	if got, _ := group.Resource().Attributes().Get("k8s.cluster.name"); got.Str() != "prod-1" {
		t.Errorf("resource %v", group.Resource().Attributes().AsRaw())
	}
	scope := group.ScopeLogs().At(0)
	if got, _ := scope.Scope().Attributes().Get("lanner.event.source"); got.Str() != "k8s_audit" {
		t.Errorf("scope %v", scope.Scope().Attributes().AsRaw())
	}
	if scope.LogRecords().Len() != len(events) {
		t.Fatalf("%d records of %d events", scope.LogRecords().Len(), len(events))
	}
	for i, rec := range scope.LogRecords().All() {
		if rec.Body().Str() != events[i] {
			t.Errorf("record %d is %q", i, rec.Body().Str())
		}
	}
	if got := scope.LogRecords().At(0).Timestamp().AsTime().Format(time.RFC3339Nano); got != "2026-11-20T10:00:00.25Z" {
		t.Errorf("time %s", got)
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAnswers: what is wrong with a request is its status, and nothing of it is
// delivered.
func TestAnswers(t *testing.T) {
	event := sampleEvent(t)
	const asJSON = "application/json"
	for name, test := range map[string]struct {
		method, path, contentType, encoding, body string
		status, records                           int
	}{
		"list":                  {"POST", "", asJSON, "", list(event, event), 200, 2},
		"one event":             {"POST", "", "application/json; charset=utf-8", "", event, 200, 1},
		"lines":                 {"POST", "", "application/x-ndjson", "", event + "\n" + event, 200, 2},
		"empty list":            {"POST", "", asJSON, "", list(), 200, 0},
		"list without items":    {"POST", "", asJSON, "", `{"kind":"EventList","items":null}`, 200, 0},
		"gzip":                  {"POST", "", asJSON, "gzip", gzipped(t, list(event)), 200, 1},
		"nothing":               {"POST", "", asJSON, "", "", 400, 0},
		"no JSON":               {"POST", "", asJSON, "", "<xml/>", 400, 0},
		"ends early":            {"POST", "", asJSON, "", list(event)[:900], 400, 0},
		"broken second event":   {"POST", "", asJSON, "", list(event, `{"kind":"Event" "auditID":"x"}`), 400, 0},
		"wrong bracket":         {"POST", "", asJSON, "", list(`{"kind":"Event","auditID":["x"}]`), 400, 0},
		"other document":        {"POST", "", asJSON, "", `{"kind":"Pod"}`, 400, 0},
		"other item":            {"POST", "", asJSON, "", list(event, `{"kind":"Pod"}`), 400, 0},
		"deep":                  {"POST", "", asJSON, "", `{"kind":"Event","auditID":` + strings.Repeat("[", 100_000), 400, 0},
		"deep and closed":       {"POST", "", asJSON, "", `{"kind":"Event","auditID":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}", 400, 0},
		"no gzip":               {"POST", "", asJSON, "gzip", list(event), 400, 0},
		"unknown encoding":      {"POST", "", asJSON, "rot13", list(event), 400, 0},
		"50 MB":                 {"POST", "", asJSON, "", list(event) + strings.Repeat(" ", 50<<20), 413, 0},
		"50 MB of gzip's zeros": {"POST", "", asJSON, "gzip", gzipped(t, strings.Repeat(" ", 50<<20)+list(event)), 413, 0},
		"long event":            {"POST", "", asJSON, "", list(`{"kind":"Event","auditID":"` + strings.Repeat("x", 20<<20) + `"}`), 413, 0},
		"GET":                   {"GET", "", "", "", "", 405, 0},
		"no content type":       {"POST", "", "", "", event, 415, 0},
		"form":                  {"POST", "", "application/x-www-form-urlencoded", "", event, 415, 0},
		"YAML":                  {"POST", "", "application/yaml", "", event, 415, 0},
		"other path":            {"POST", "/more", asJSON, "", event, 404, 0},
	} {
		t.Run(name, func(t *testing.T) {
			sink := new(consumertest.LogsSink)
			_, url := start(t, config(), sink)
			var header []string
			if test.encoding != "" {
				header = []string{"Content-Encoding", test.encoding}
			}
			got := send(t, test.method, url+test.path, test.contentType, strings.NewReader(test.body), header...)
			if got.status != test.status {
				t.Errorf("status %d, want %d: %.200s", got.status, test.status, got.body)
			}
			if sink.LogRecordCount() != test.records {
				t.Errorf("%d records, want %d", sink.LogRecordCount(), test.records)
			}
			if got.header.Get("Retry-After") != "" {
				t.Error("who sends it again cannot do better")
			}
		})
	}
}

// TestPipelineRefuses: what is not delivered is not acknowledged.
func TestPipelineRefuses(t *testing.T) {
	secret := errors.New("memory is used up on backend.internal")
	for name, test := range map[string]struct {
		err    error
		status int
		retry  string
	}{
		"for now":  {secret, 503, "5"},
		"for good": {consumererror.NewPermanent(secret), 500, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, url := start(t, config(), consumertest.NewErr(test.err))
			got := post(t, url, list(sampleEvent(t)))
			if got.status != test.status || got.header.Get("Retry-After") != test.retry {
				t.Errorf("%+v", got)
			}
			if strings.Contains(got.body, "backend") {
				t.Errorf("the sender is told %q", got.body)
			}
		})
	}
}

// gate is a pipeline that takes records when it is told to.
type gate struct {
	consumertest.LogsSink
	entered, open chan struct{}
}

func newGate() *gate { return &gate{entered: make(chan struct{}, 100), open: make(chan struct{})} }

func (g *gate) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	g.entered <- struct{}{}
	select {
	case <-g.open:
		return g.LogsSink.ConsumeLogs(ctx, logs)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestAnswerWaitsForThePipeline, and who comes while all slots are taken is told
// to come again.
func TestAnswerWaitsForThePipeline(t *testing.T) {
	g := newGate()
	_, url := start(t, config(func(c *Config) { c.MaxConcurrentRequests = 1; c.RetryAfter = 1500 * time.Millisecond }), g)
	first := make(chan answer, 1)
	go func() { first <- post(t, url, list(sampleEvent(t))) }()
	<-g.entered
	if got := post(t, url, list(sampleEvent(t))); got.status != 429 || got.header.Get("Retry-After") != "2" {
		t.Errorf("the second request: %+v", got)
	}
	select {
	case got := <-first:
		t.Fatalf("acknowledged before it was delivered: %+v", got)
	default:
	}
	close(g.open)
	if got := <-first; got.status != 200 || g.LogRecordCount() != 1 {
		t.Errorf("%+v, %d records", got, g.LogRecordCount())
	}
	if got := post(t, url, list(sampleEvent(t))); got.status != 200 {
		t.Errorf("a later request: %+v", got)
	}
}

// TestShutdownLetsRequestsEnd: a request that is under way is delivered and
// acknowledged; one that comes later is not.
func TestShutdownLetsRequestsEnd(t *testing.T) {
	g := newGate()
	r, url := start(t, config(), g)
	first := make(chan answer, 1)
	go func() { first <- post(t, url, list(sampleEvent(t))) }()
	<-g.entered
	ended := make(chan error, 1)
	go func() { ended <- r.Shutdown(context.Background()) }()
	close(g.open)
	if got := <-first; got.status != 200 || g.LogRecordCount() != 1 {
		t.Errorf("%+v, %d records", got, g.LogRecordCount())
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := http.Post(url, "application/json", strings.NewReader(list())); err == nil { //nolint:bodyclose // there is none
		t.Error("it still listens")
	}
}

// TestShutdownDoesNotWaitForEver: the end of the context ends requests without
// an acknowledgement.
func TestShutdownDoesNotWaitForEver(t *testing.T) {
	g := newGate()
	r, url := start(t, config(), g)
	failed := make(chan error, 1)
	go func() {
		resp, err := http.Post(url, "application/json", strings.NewReader(list(sampleEvent(t))))
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				failed <- nil
				return
			}
			err = fmt.Errorf("status %d", resp.StatusCode)
		}
		failed <- err
	}()
	<-g.entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := <-failed; err == nil {
		t.Error("acknowledged, and not delivered")
	}
	if g.LogRecordCount() != 0 {
		t.Errorf("%d records", g.LogRecordCount())
	}
}

// TestSlowClient: who does not send what it announced is told so and does not
// hold a slot for ever.
func TestSlowClient(t *testing.T) {
	sink := new(consumertest.LogsSink)
	r, url := start(t, config(func(c *Config) {
		c.HTTP.ReadTimeout = 50 * time.Millisecond
		c.MaxConcurrentRequests = 1
	}), sink)
	conn, err := net.Dial("tcp", r.address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST /k8s-audit HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"items\":["); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 408") {
		t.Errorf("%.100q, %v", text, err)
	}
	if got := post(t, url, list(sampleEvent(t))); got.status != 200 || sink.LogRecordCount() != 1 {
		t.Errorf("%+v", got)
	}
}

// TestLargeRequestGoesInParts: the batches are bounded, and all is delivered.
func TestLargeRequestGoesInParts(t *testing.T) {
	sink := new(consumertest.LogsSink)
	_, url := start(t, config(), sink)
	events := make([]string, 2*maxBatchEvents+1)
	for i := range events {
		events[i] = sampleEvent(t)
	}
	if got := post(t, url, list(events...)); got.status != 200 {
		t.Fatalf("%+v", got)
	}
	if sink.LogRecordCount() != len(events) || len(sink.AllLogs()) != 3 {
		t.Errorf("%d records in %d batches", sink.LogRecordCount(), len(sink.AllLogs()))
	}
}

// TestManySenders: all that is acknowledged is delivered.
func TestManySenders(t *testing.T) {
	const senders, requests = 8, 20
	sink := new(consumertest.LogsSink)
	_, url := start(t, config(), sink)
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for range requests {
				if got := post(t, url, list(samples(t)...)); got.status != 200 {
					t.Errorf("%+v", got)
				}
			}
		})
	}
	all.Wait()
	if want := senders * requests * len(samples(t)); sink.LogRecordCount() != want {
		t.Errorf("%d records, want %d", sink.LogRecordCount(), want)
	}
}

func TestShutdownWithoutStart(t *testing.T) {
	r := newReceiver(config(), receivertest.NewNopSettings(metadata.Type), consumertest.NewNop())
	for range 2 {
		if err := r.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestStartSaysThatThePortIsTaken(t *testing.T) {
	r, _ := start(t, config(), consumertest.NewNop())
	second := newReceiver(config(func(c *Config) { c.HTTP.NetAddr.Endpoint = r.address.String() }),
		receivertest.NewNopSettings(metadata.Type), consumertest.NewNop())
	if err := second.Start(t.Context(), componenttest.NewNopHost()); err == nil || !strings.Contains(err.Error(), "endpoint") {
		t.Errorf("error %v", err)
	}
}
