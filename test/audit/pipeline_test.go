package audit

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/lannersec/lanner/processor/securityrulesprocessor"
	"github.com/lannersec/lanner/receiver/k8sauditreceiver"
)

// ourRules and upstreamRules are files of rules for audit events.
const ourRules = "embedded:k8s_audit_rules.yaml"

// upstreamRules is the reference's file, where the corpus is; else "".
func upstreamRules() string {
	path := filepath.Join(os.Getenv("CORPUS"), "rules/upstream/k8saudit/k8s_audit_rules.yaml")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// startRules starts the processor with all rules of a file; detections alone go
// on to next.
func startRules(t testing.TB, rules string, next consumer.Logs) processor.Logs {
	t.Helper()
	return startMatching(t, []string{rules}, "all", next)
}

func startMatching(t testing.TB, rules []string, matching string, next consumer.Logs) processor.Logs {
	t.Helper()
	factory := securityrulesprocessor.NewFactory()
	cfg := factory.CreateDefaultConfig()
	conf := confmap.NewFromStringMap(map[string]any{
		"rules":        map[string]any{"files": rules, "matching": matching, "reload": map[string]any{"enabled": false}},
		"pass_through": false,
	})
	if err := conf.Unmarshal(cfg); err != nil {
		t.Fatal(err)
	}
	p, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(factory.Type()), cfg, next)
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

// startWebhook starts the receiver before next and returns its URL.
func startWebhook(t testing.TB, next consumer.Logs) string {
	t.Helper()
	factory := k8sauditreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig().(*k8sauditreceiver.Config)
	cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
	core, log := observer.New(zap.InfoLevel)
	set := receivertest.NewNopSettings(factory.Type())
	set.Logger = zap.New(core)
	r, err := factory.CreateLogs(t.Context(), set, cfg, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	address := log.FilterField(zap.String("path", cfg.Path)).All()[0].ContextMap()["address"].(string)
	return "http://" + address + cfg.Path
}

// post sends a request and returns the status.
func post(t testing.TB, url, body string) int {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// lines reads a file of one event a line.
func lines(t testing.TB, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// list is events as API servers send them.
func list(events ...string) string {
	return `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + strings.Join(events, ",") + `]}`
}

const sample = "../../testdata/audit/k8s.jsonl"
