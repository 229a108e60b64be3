package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/internal/testenv"
)

// freePort is a port that was free a moment ago: the Collector's own metrics
// cannot be asked which they took.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// series are the values of a scrape, by name with labels.
type series map[string]float64

// scrape reads the Collector's metrics; it is nil where nobody answers.
func scrape(t *testing.T, port int) series {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/metrics", port), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil
	}
	defer func() { _ = answer.Body.Close() }()
	return parseSeries(t, answer.Body)
}

func parseSeries(t *testing.T, text io.Reader) series {
	t.Helper()
	all := series{}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[line[:at]] = value
	}
	return all
}

// sum adds the values of a metric; has tells whether there are any.
func (s series) sum(name string) (sum float64, has bool) {
	for key, value := range s {
		if metric, _, _ := strings.Cut(key, "{"); metric == name || metric == name+"_total" {
			sum, has = sum+value, true
		}
	}
	return sum, has
}

// waitForMetric waits until a metric's values add up to at least least.
func waitForMetric(t *testing.T, port int, name string, least float64) {
	t.Helper()
	over := time.After(waitTime)
	for {
		sum, _ := scrape(t, port).sum(name)
		if sum >= least {
			return
		}
		select {
		case <-over:
			t.Fatalf("%s is %v, want %v", name, sum, least)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// declared is a metric of a metadata.yaml, as a Prometheus exporter names it.
type declared struct {
	name string
	sum  bool
}

// declaredMetrics are those of the receiver.
func declaredMetrics(t *testing.T) []declared {
	t.Helper()
	text, err := os.ReadFile("../../receiver/runtimesecurityreceiver/metadata.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var component struct {
		Telemetry struct {
			Metrics map[string]struct {
				Prefix string
				Sum    *struct{}
			}
		}
	}
	if err := yaml.Unmarshal(text, &component); err != nil {
		t.Fatal(err)
	}
	var list []declared
	for name, m := range component.Telemetry.Metrics {
		list = append(list, declared{strings.ReplaceAll(m.Prefix+name, ".", "_"), m.Sum != nil})
	}
	return list
}

// restless is a configuration in which everything that is counted happens: the
// ring and the queue are too small, and few records are made of many detections.
const restless = `
receivers:
  runtime_security:
    rules: {files: [%[1]q], reload: {debounce: 10ms}}
    capture: {ring_mib_per_cpu: 1}
    delivery: {queue_size: 1, batch_size: 1}
    noise: {aggregate: {window: 50ms}, ceiling: {records: 1, interval: 1s}}
    health: {interval: 100ms}
exporters:
  otlp_grpc:
    endpoint: %[2]s
    tls: {insecure: true}
service:
  pipelines:
    logs: {receivers: [runtime_security], exporters: [otlp_grpc]}
  telemetry:
    metrics:
      level: detailed
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %[3]d, without_type_suffix: true, without_units: true, without_scope_info: true}}}}]
`

// still are the metrics that need more than this to move, and what.
var still = map[string]string{
	"otelcol_lanner_rule_errors":             "a field that panics",
	"otelcol_lanner_containers":              "a container runtime",
	"otelcol_lanner_containers_evictions":    "a container runtime",
	"otelcol_lanner_containers_lookups":      "a container runtime",
	"otelcol_lanner_containers_lookups_time": "a container runtime",
	"otelcol_lanner_containers_runtimes":     "a container runtime",
	"otelcol_lanner_enrichment_waiting":      "a container runtime",
	"otelcol_lanner_enrichment_waits":        "a container runtime",
}

// closeFails makes the flood's calls of close ones that the kernel leaves out.
const closeFails = `
- rule: Close fails
  desc: A descriptor that is not open was closed.
  condition: evt.type = close and evt.failed = true
  output: "%%fd.num"
  priority: DEBUG
`

// TestAllMetricsExistAndMove: under load each declared metric of the receiver is
// on the Collector's telemetry, and each that counts something counts.
func TestAllMetricsExistAndMove(t *testing.T) {
	testenv.Root(t)
	sink, address := newSink(t)
	go func() { // nobody looks at them
		for range sink.records {
			continue
		}
	}()
	dir, port := t.TempDir(), freePort(t)
	rules := filepath.Join(dir, "rules.yaml")
	text := fmt.Appendf(nil, markRule+closeFails, "/dev/null") // the flood opens it
	if err := os.WriteFile(rules, text, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, fmt.Sprintf(restless, rules, address, port))
	startFlood(t)
	if err := os.WriteFile(rules, append(text, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	metrics := declaredMetrics(t)
	over := time.After(waitTime)
	for {
		missing := notYet(scrape(t, port), metrics)
		if len(missing) == 0 {
			return
		}
		select {
		case <-over:
			t.Fatalf("metrics are missing or do not move: %v", missing)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// notYet lists the metrics that a scrape lacks, or that count nothing in it.
func notYet(all series, metrics []declared) (missing []string) {
	for _, m := range metrics {
		sum, has := all.sum(m.name)
		if still[m.name] == "" && (!has || m.sum && sum == 0) {
			missing = append(missing, m.name)
		}
	}
	return missing
}
