package k8saudit_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
	"github.com/lannersec/lanner/source/k8saudit"
)

func lines(t testing.TB, file string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// pipeline is a reader and an evaluator with the rules that Lanner comes with.
type pipeline struct {
	reader  *document.Reader
	each    func(*document.Event)
	matches []string // names of the rules, in order
}

func newPipeline(t testing.TB) *pipeline {
	t.Helper()
	data, err := fs.ReadFile(rules.FS, rules.K8sAudit)
	if err != nil {
		t.Fatal(err)
	}
	source := k8saudit.Source()
	eng := engine.New(engine.Options{Config: enginerules.Config{Sources: []field.Source{source}}})
	if report := eng.Load([]enginerules.File{{Name: rules.K8sAudit, Data: data}}); !report.Loaded {
		t.Fatal(report.Diagnostics.Err())
	}
	evaluator, err := eng.Evaluator(source.Name())
	if err != nil {
		t.Fatal(err)
	}
	p := &pipeline{reader: document.NewReader(source)}
	emit := func(d *engine.Detection) { p.matches = append(p.matches, d.Rule.Name) }
	p.each = func(e *document.Event) { evaluator.Process(&e.Head, emit) }
	return p
}

func (p *pipeline) read(t testing.TB, text string) {
	if _, err := p.reader.Read(text, document.Origin{}, p.each); err != nil {
		t.Fatal(err)
	}
}

func TestNotableEventsMatch(t *testing.T) {
	p := newPipeline(t)
	for _, line := range lines(t, "notable.jsonl") {
		p.read(t, line)
	}
	want := "Privileged pod created, Exec into pod, Cluster admin bound, Anonymous request refused"
	if got := strings.Join(p.matches, ", "); got != want {
		t.Errorf("got %s", got)
	}
}

// TestQuietEventsDoNotAllocate: an event that no rule matches costs no memory,
// from its text to the last rule.
func TestQuietEventsDoNotAllocate(t *testing.T) {
	p := newPipeline(t)
	quiet := lines(t, "quiet.jsonl")
	n := testing.AllocsPerRun(100, func() {
		for _, line := range quiet {
			p.read(t, line)
		}
	})
	if n != 0 || len(p.matches) != 0 {
		t.Errorf("%v allocations, %d matches %v", n, len(p.matches), p.matches)
	}
}

func TestMatch(t *testing.T) {
	for text, want := range map[string]bool{
		`{"kind":"Event","auditID":"a"}`: true, `{"kind":"Event","stageTimestamp":"x"}`: true, `{"kind":"EventList","items":[]}`: true,
		`[{"kind":"Pod"},{"kind":"Event","auditID":"a"}]`:  true,
		`{"kind":"Event","involvedObject":{"kind":"Pod"}}`: false, // what kubectl get events shows
		`{"kind":"event","auditID":"a"}`:                   false,
		`{"kind":0,"auditID":"a"}`:                         false,
		`{"auditID":"a"}`:                                  false,
		`[]`:                                               false,
		`"Event"`:                                          false,
		`{"kind":"Pod","auditID":"a","stageTimestamp":"x"}`: false,
	} {
		var d jsondoc.Document
		if _, err := d.Parse(text); err != nil {
			t.Fatal(err)
		}
		if got := k8saudit.Source().Match(d.Root()); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// BenchmarkQuiet is the cost of events that no rule matches: 1.4 kB each, with
// the rules that Lanner comes with.
func BenchmarkQuiet(b *testing.B) {
	p := newPipeline(b)
	quiet := lines(b, "quiet.jsonl")
	size, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		line := quiet[i%len(quiet)]
		p.read(b, line)
		size += len(line)
		i++
	}
	b.SetBytes(int64(size / i))
}

// BenchmarkBatch is the cost of an event in the lists that API servers send.
func BenchmarkBatch(b *testing.B) {
	p := newPipeline(b)
	quiet := strings.Join(lines(b, "quiet.jsonl"), ",")
	const repeats = 70
	text := `{"kind":"EventList","items":[` + strings.Repeat(quiet+",", repeats-1) + quiet + `]}`
	events := repeats * len(lines(b, "quiet.jsonl"))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.read(b, text)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
}
