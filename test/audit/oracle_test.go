package audit

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"

	"github.com/lannersec/lanner/internal/conformance"
)

// expectation is how often the reference's rules matched in a trace.
type expectation struct {
	ID, Trace, Matching string
	Rules               []string
	Counts              map[string]int
}

// expectations reads the oracle's cases, without those that are excluded.
func expectations(t *testing.T, corpus string) []expectation {
	t.Helper()
	excluded, err := conformance.ReadExclusions("../../testdata/conformance/excluded.tsv")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(corpus, "oracle/audit/audit-rule-counts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []expectation
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e expectation
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if !excluded.Has(e.ID) {
			all = append(all, e)
		}
	}
	return all
}

// running is a processor with what comes out of it.
type running struct {
	processor.Logs
	sink *consumertest.LogsSink
}

// TestProcessorAnswersAsTheReference: the real processor, with a trace as one
// record, has each rule match as often as it did in the reference.
func TestProcessorAnswersAsTheReference(t *testing.T) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		t.Skip("needs the corpus: set CORPUS")
	}
	processors := map[string]running{}
	for _, e := range expectations(t, corpus) {
		var files []string
		for _, file := range e.Rules {
			files = append(files, filepath.Join(corpus, file))
		}
		key := e.Matching + strings.Join(files, "\n")
		p, ok := processors[key]
		if !ok {
			p.sink = new(consumertest.LogsSink)
			p.Logs = startMatching(t, files, e.Matching, p.sink)
			processors[key] = p
		}
		if got := p.count(t, trace(t, corpus, e.Trace)); !reflect.DeepEqual(got, e.Counts) {
			t.Errorf("%s: %v, want %v", e.ID, got, e.Counts)
		}
	}
}

// trace reads a trace of the corpus, or of the samples beside it.
func trace(t *testing.T, corpus, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, name))
	if os.IsNotExist(err) {
		text, err = os.ReadFile(filepath.Join(corpus, "..", name))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// count sends a text as a record and counts detections by rule.
func (r running) count(t *testing.T, text string) map[string]int {
	t.Helper()
	r.sink.Reset()
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(text)
	if err := r.ConsumeLogs(t.Context(), logs); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, out := range r.sink.AllLogs() {
		for _, group := range out.ResourceLogs().All() {
			for _, scope := range group.ScopeLogs().All() {
				for _, rec := range scope.LogRecords().All() {
					rule, _ := rec.Attributes().Get("security_rule.name")
					counts[rule.Str()]++
				}
			}
		}
	}
	return counts
}
