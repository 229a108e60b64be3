package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// auditSample is audit events, one a line: a cluster's where SAMPLES says where
// the samples are, else our own.
func auditSample(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SAMPLES"); dir != "" {
		return filepath.Join(dir, "k8s-audit-1.36.jsonl")
	}
	path, err := filepath.Abs("../../testdata/audit/k8s.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// auditRules are rules for audit events: the reference's where CORPUS says where
// the corpus is, else our own.
func auditRules() []string {
	files := []string{"embedded:k8s_audit_rules.yaml"}
	if dir := os.Getenv("CORPUS"); dir != "" {
		files = append(files, filepath.Join(dir, "rules/upstream/k8saudit/k8s_audit_rules.yaml"))
	}
	return files
}

// freeAddress is an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// auditConfig evaluates rules on what a receiver brings, and exports at once:
// without a queue, what is acknowledged is with the backend.
func auditConfig(receiver, rules, backend string) string {
	return fmt.Sprintf(`
receivers:
%s
processors:
  security_rules:
    rules: {files: [%q], matching: all}
    pass_through: false
exporters:
  otlp_grpc:
    endpoint: %s
    tls: {insecure: true}
    sending_queue: {enabled: false}
    retry_on_failure: {enabled: false}
service:
  pipelines:
    logs: {receivers: [%s], processors: [security_rules], exporters: [otlp_grpc]}
  telemetry:
    metrics: {level: none}
`, receiver, rules, backend, strings.TrimSpace(strings.Split(receiver, ":")[0]))
}

func webhookReceiver(address string) string {
	return fmt.Sprintf("  k8s_audit:\n    endpoint: %s\n", address)
}

// last is an event that every set of rules has a rule for: when its detections
// have come, those of all events before have come too.
const last = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"99999999-0000-4000-8000-000000000099","stage":"ResponseComplete","requestURI":"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings","verb":"create","user":{"username":"lanner-last","groups":["system:authenticated"]},"sourceIPs":["192.0.2.99"],"userAgent":"kubectl","objectRef":{"resource":"clusterrolebindings","name":"last","apiGroup":"rbac.authorization.k8s.io","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"last"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"ann"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"}},"requestReceivedTimestamp":"2026-11-20T12:00:00.000000Z","stageTimestamp":"2026-11-20T12:00:00.000000Z","annotations":{"authorization.k8s.io/decision":"allow"}}`

// refused is a request without a name that was refused. Our rules report it; the
// reference's report such a request only where it was allowed.
const refused = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"99999999-0000-4000-8000-000000000098","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"system:anonymous","groups":["system:unauthenticated"]},"sourceIPs":["192.0.2.98"],"userAgent":"curl/8.0","objectRef":{"resource":"secrets","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","reason":"Forbidden","code":403},"requestReceivedTimestamp":"2026-11-20T11:59:59.000000Z","stageTimestamp":"2026-11-20T11:59:59.000000Z","annotations":{"authorization.k8s.io/decision":"forbid"}}`

// gather collects detections until those of the last event come. A detection is
// its identity, which is made of the event and the rule.
func (s *sink) gather(t *testing.T) []string {
	t.Helper()
	var all []string
	s.find(t, func(r record) bool {
		all = append(all, r.text("log.record.uid")+" "+r.text("security_rule.name"))
		return r.text("user.name") == "lanner-last"
	})
	slices.Sort(all)
	return all
}

// named tells whether a rule whose name has a word is among detections.
func named(detections []string, word string) bool {
	return slices.ContainsFunc(detections, func(d string) bool { return strings.Contains(strings.ToLower(d), word) })
}

// TestWebhookAndFileAgree: the same events give the same detections, whichever
// way they come; and what happened in the sample is among them.
func TestWebhookAndFileAgree(t *testing.T) {
	text, err := os.ReadFile(auditSample(t))
	if err != nil {
		t.Fatal(err)
	}
	events := append(strings.Split(strings.TrimSpace(string(text)), "\n"), refused, last)
	for _, rules := range auditRules() {
		t.Run(filepath.Base(rules), func(t *testing.T) {
			web, file := byWebhook(t, rules, events), byFile(t, rules, events)
			if !slices.Equal(web, file) {
				t.Errorf("webhook %d, file %d detections:\n%s\n\n%s", len(web), len(file), strings.Join(web, "\n"), strings.Join(file, "\n"))
			}
			words := []string{"exec", "cluster", "privileged"}
			if strings.HasPrefix(rules, "embedded:") {
				words = append(words, "anonymous request refused")
			}
			for _, word := range words {
				if !named(web, word) {
					t.Errorf("no rule about %q among %s", word, strings.Join(web, "\n"))
				}
			}
		})
	}
}

func byWebhook(t *testing.T, rules string, events []string) []string {
	t.Helper()
	sink, backend := newSink(t)
	address := freeAddress(t)
	start(t, auditConfig(webhookReceiver(address), rules, backend))
	body := `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + strings.Join(events, ",") + `]}`
	if status := postAudit(t.Context(), address, body); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	return sink.gather(t)
}

func byFile(t *testing.T, rules string, events []string) []string {
	t.Helper()
	sink, backend := newSink(t)
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, []byte(strings.Join(events, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	receiver := fmt.Sprintf("  file_log:\n    include: [%q]\n    start_at: beginning\n    max_log_size: 8MiB\n", path)
	start(t, auditConfig(receiver, rules, backend))
	return sink.gather(t)
}

// postAudit sends a request as an API server does; 0 where there is no answer.
func postAudit(ctx context.Context, address, body string) (status int) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/k8s-audit", strings.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0
	}
	return resp.StatusCode
}

// TestKilledCollectorLosesNothingAcknowledged: a sender sends one event after the
// other; the Collector is killed in the middle and another one takes its place.
// What was acknowledged has arrived, and what was not is sent again.
func TestKilledCollectorLosesNothingAcknowledged(t *testing.T) {
	const events, killAfter = 400, 100
	sink, backend := newSink(t)
	address := freeAddress(t)
	config := auditConfig(webhookReceiver(address), "embedded:k8s_audit_rules.yaml", backend)
	first := start(t, config)

	var acknowledged atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), waitTime)
	defer cancel()
	sent := make(chan error, 1)
	go func() { sent <- sendAll(ctx, address, events, &acknowledged) }()

	for acknowledged.Load() < killAfter && ctx.Err() == nil {
		time.Sleep(time.Millisecond) // looks again; nothing depends on how long
	}
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.end(t, waitTime)
	start(t, config)
	if err := <-sent; err != nil {
		t.Fatalf("%v: %d were acknowledged", err, acknowledged.Load())
	}

	seen := map[string]bool{}
	sink.find(t, func(r record) bool {
		seen[r.text("lanner.k8s.object.name")] = true
		return len(seen) == events
	})
}

// sendAll sends events, each until it is acknowledged.
func sendAll(ctx context.Context, address string, events int, acknowledged *atomic.Int64) error {
	for i := range events {
		event := strings.ReplaceAll(last, `"name":"last"`, fmt.Sprintf(`"name":"last-%d"`, i))
		for postAudit(ctx, address, event) != http.StatusOK {
			if ctx.Err() != nil {
				return errors.New("the time is over")
			}
			time.Sleep(time.Millisecond) // as senders do
		}
		acknowledged.Add(1)
	}
	return nil
}

// TestBackendAwayIsTold: with nobody to take detections, senders are told to come
// again, and nothing is acknowledged.
func TestBackendAwayIsTold(t *testing.T) {
	address := freeAddress(t)
	start(t, auditConfig(webhookReceiver(address), "embedded:k8s_audit_rules.yaml", freeAddress(t)))
	if status := postAudit(t.Context(), address, last); status != http.StatusServiceUnavailable {
		t.Errorf("status %d", status)
	}
}
