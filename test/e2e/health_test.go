package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lannersec/lanner/internal/testenv"
)

const healthChecked = `
extensions:
  health_check:
    use_v2: true
    component_health: {include_recoverable_errors: true, recovery_duration: 0s}
    http: {endpoint: 127.0.0.1:%[2]d, status: {enabled: true, path: /health}}
receivers:
  runtime_security:
    rules: {files: [%[1]q], reload: {debounce: 10ms}}
exporters:
  debug:
service:
  extensions: [health_check]
  pipelines:
    logs: {receivers: [runtime_security], exporters: [debug]}
  telemetry: {metrics: {level: none}}
`

// TestBrokenRulesShowInTheHealthCheck: rules that do not reload make the
// Collector unhealthy, with the diagnostics, until they are repaired.
func TestBrokenRulesShowInTheHealthCheck(t *testing.T) {
	testenv.Root(t)
	dir, port := t.TempDir(), freePort(t)
	rules, config := filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "config.yaml")
	good := fmt.Sprintf(markRule, "/nowhere")
	put := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+"~", path); err != nil {
			t.Fatal(err)
		}
	}
	put(rules, good)
	put(config, fmt.Sprintf(healthChecked, rules, port))
	launchFile(t, requireBinary(t), config, nil, "--feature-gates=+extension.healthcheck.useComponentStatus")

	waitForHealth(t, port, http.StatusOK, "StatusOK")
	put(rules, strings.Replace(good, "evt.type", "evt.tpye", 1))
	waitForHealth(t, port, http.StatusInternalServerError, "evt.tpye")
	put(rules, good)
	waitForHealth(t, port, http.StatusOK, "StatusOK")
}

// waitForHealth waits until the health check answers with a code and a text.
func waitForHealth(t *testing.T, port, code int, text string) {
	t.Helper()
	over := time.After(waitTime)
	for {
		have, body := health(t, port)
		if have == code && strings.Contains(body, text) {
			return
		}
		select {
		case <-over:
			t.Fatalf("the health check says %d %s, want %d with %q", have, body, code, text)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// health asks the health check; the code is 0 where nobody answers.
func health(t *testing.T, port int) (code int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/health?verbose", port), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
