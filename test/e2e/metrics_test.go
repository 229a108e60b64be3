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

// declaredMetrics are those of all components.
func declaredMetrics(t *testing.T) []declared {
	t.Helper()
	files, err := filepath.Glob("../../*/*/metadata.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no component: %v", err)
	}
	var list []declared
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var component struct {
			Telemetry struct {
				Metrics map[string]struct {
					Prefix string
					Unit   string
					Sum    *struct{}
				}
			}
		}
		if err := yaml.Unmarshal(text, &component); err != nil {
			t.Fatal(err)
		}
		for name, m := range component.Telemetry.Metrics {
			list = append(list, declared{strings.ReplaceAll(m.Prefix+name, ".", "_"), m.Sum != nil})
		}
	}
	return list
}
