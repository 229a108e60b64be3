package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/internal/testenv"
)

// declaredNames are the metrics of all components with the attributes of each,
// as a Prometheus exporter names them.
func declaredNames(t *testing.T) map[string][]string {
	t.Helper()
	sources, err := filepath.Glob("../../*/*/metadata.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, source := range sources {
		c, err := read(source, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range c.Metrics() {
			name := strings.ReplaceAll(m.Name, ".", "_")
			names[name] = append(append(names[name], m.Attributes...), c.Status.Class)
		}
	}
	return names
}

// named are the documents that name our metrics.
var named = []string{
	"../../docs/metrics.md", "../../deploy/grafana/lanner.json",
	"../../deploy/prometheus/alerts.yaml", "../../deploy/prometheus/alerts_test.yaml",
}

var (
	metricName = regexp.MustCompile(`otelcol[._]lanner[a-z._]*[a-z]`)
	// selection picks series of one of our metrics by their labels.
	selection = regexp.MustCompile(`(otelcol_lanner_[a-z_]+)\{([^}]*)\}`)
	label     = regexp.MustCompile(`([a-z0-9_]+)\s*(?:=~|!~|!=|=|,|$)`)
	quoted    = regexp.MustCompile(`\\?"[^"]*"`)
)

// TestNamedMetricsExist: no document names a metric, or a label of one, that
// does not exist; and docs/metrics.md leaves none out.
func TestNamedMetricsExist(t *testing.T) {
	declared := declaredNames(t)
	for _, path := range named {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, name := range metricName.FindAllString(string(text), -1) {
			name = strings.ReplaceAll(name, ".", "_")
			found[name] = true
			if declared[name] == nil {
				t.Errorf("%s names %s, which no component has", path, name)
			}
		}
		if len(found) == 0 {
			t.Errorf("%s names no metric", path)
		}
		for _, m := range selection.FindAllStringSubmatch(string(text), -1) {
			checkLabels(t, path, m[1], m[2], declared[m[1]])
		}
		if filepath.Ext(path) != ".md" {
			continue
		}
		for name := range declared {
			if !found[name] {
				t.Errorf("%s does not name %s", path, name)
			}
		}
	}
}

// scraped are labels that the one who scrapes adds.
var scraped = map[string]bool{"instance": true, "job": true}

func checkLabels(t *testing.T, path, metric, labels string, attributes []string) {
	t.Helper()
	has := map[string]bool{}
	for _, a := range attributes {
		has[a] = true
	}
	labels = quoted.ReplaceAllString(labels, "")
	for _, m := range label.FindAllStringSubmatch(labels, -1) {
		if !has[m[1]] && !scraped[m[1]] {
			t.Errorf("%s asks %s for the label %s; it has %v", path, metric, m[1], attributes)
		}
	}
}

// dashboard is the part of a Grafana dashboard that asks for data.
type dashboard struct {
	Panels []struct {
		Title   string
		Targets []struct {
			Expr       string
			Datasource struct{ Type string }
		}
	}
}

// TestQueriesAreValid has promtool read the alert rules, their tests, and every
// query of the dashboard.
func TestQueriesAreValid(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	testenv.Require(t, err == nil, "needs promtool (Debian: prometheus)")
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
	run("check", "rules", "../../deploy/prometheus/alerts.yaml")
	run("test", "rules", "../../deploy/prometheus/alerts_test.yaml")

	text, err := os.ReadFile("../../deploy/grafana/lanner.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	variables := strings.NewReplacer("$__rate_interval", "5m", "$__range", "6h", "$instance", ".*")
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var rules []rule
	for i, panel := range d.Panels {
		for j, target := range panel.Targets {
			if target.Datasource.Type == "prometheus" {
				rules = append(rules, rule{fmt.Sprintf("panel_%d_%d", i, j), variables.Replace(target.Expr)})
			}
		}
	}
	if len(rules) == 0 {
		t.Fatal("the dashboard asks for nothing")
	}
	file, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dashboard.yaml")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	run("check", "rules", path)
}
