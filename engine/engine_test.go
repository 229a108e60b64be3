package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

// rule writes a rule in YAML.
func rule(name, condition string) string {
	return "- rule: " + name + "\n  desc: d\n  condition: " + condition +
		"\n  output: got %fd.name by %proc.name\n  priority: NOTICE\n"
}

type harness struct {
	*engine.Engine
	t         testing.TB
	source    *fake.Source
	evaluator *engine.Evaluator
}

func newHarness(t testing.TB, opts engine.Options, yaml ...string) *harness {
	t.Helper()
	src := fake.Syscall()
	opts.Sources = []field.Source{src, fake.Audit()}
	h := &harness{Engine: engine.New(opts), t: t, source: src}
	h.load(yaml...)
	v, err := h.Evaluator("syscall")
	if err != nil {
		t.Fatal(err)
	}
	h.evaluator = v
	return h
}

func (h *harness) load(yaml ...string) {
	h.t.Helper()
	if r := h.Load([]rules.File{{Name: "rules.yaml", Data: []byte(strings.Join(yaml, ""))}}); !r.Loaded {
		h.t.Fatalf("not loaded:\n%v", r.Diagnostics.Err())
	}
}

func (h *harness) event(typ string, values fake.Values) *event.Event {
	id, ok := h.source.Types().Lookup(typ)
	if !ok {
		h.t.Fatalf("no type %s", typ)
	}
	return &event.Event{Time: 1e18, Num: 7, Type: id, Payload: values}
}

// process returns the names of the rules that matched.
func (h *harness) process(ev *event.Event) []string {
	var names []string
	h.evaluator.Process(ev, func(d *engine.Detection) { names = append(names, d.Rule.Name) })
	return names
}

func text(s string) event.Value { return event.Text(s) }

func TestProcessOrder(t *testing.T) {
	untyped := rule("untyped", "fd.name = /a")
	typed := rule("typed", "evt.type = open and fd.name = /a")
	second := rule("second", "evt.type in (open, close) and fd.name = /a")
	for _, test := range []struct {
		name     string
		matching engine.Matching
		typ      string
		want     string
	}{
		{"first takes the first in the order of the rules, typed or not", engine.First, "open", "untyped"},
		{"all takes them in their order", engine.All, "open", "untyped typed second"},
		{"other types see other rules", engine.All, "close", "untyped second"},
		{"a type that no rule names", engine.All, "connect", "untyped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHarness(t, engine.Options{Matching: test.matching}, untyped, typed, second)
			got := strings.Join(h.process(h.event(test.typ, fake.Values{"fd.name": text("/a")})), " ")
			if got != test.want {
				t.Errorf("matched %q, want %q", got, test.want)
			}
		})
	}
}

func TestDetectionOwnsItsData(t *testing.T) {
	h := newHarness(t, engine.Options{Config: rules.Config{
		Capture:     map[string][]string{"syscall": {"proc.pid", "proc.name", "user.name", "no.such"}},
		ExtraFields: []rules.ExtraField{{Key: "note", Format: "n=%evt.num"}, {Key: "kind", Format: "evt.type", Raw: true}},
	}}, rule("r", "evt.type = open"))
	path := []byte("/etc/shadow")
	var got *engine.Detection
	ev := h.event("open", fake.Values{
		"fd.name": text(string(path)), "proc.name": text("cat"), "proc.pid": event.Uint(42), "evt.num": event.Uint(7),
	})
	h.evaluator.Process(ev, func(d *engine.Detection) { got = d })
	ev.Payload = nil
	if got == nil {
		t.Fatal("no detection")
	}
	if want := "got /etc/shadow by cat"; got.Output != want {
		t.Errorf("output %q, want %q", got.Output, want)
	}
	var fields []string
	for _, f := range got.Fields {
		fields = append(fields, f.Name+"="+f.Value.String())
	}
	if got, want := strings.Join(fields, " "), "fd.name=/etc/shadow proc.name=cat kind=open proc.pid=42 note=n=7"; got != want {
		t.Errorf("fields %q, want %q", got, want)
	}
	if got.Time != 1e18 || got.Num != 7 || got.Source != "syscall" || got.Type != "open" {
		t.Errorf("event facts %+v", got)
	}
}

func TestMissingValueInOutput(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("r", "evt.type = open"))
	var output string
	h.evaluator.Process(h.event("open", nil), func(d *engine.Detection) { output = d.Output })
	if want := "got <NA> by <NA>"; output != want {
		t.Errorf("output %q, want %q", output, want)
	}
}

func TestFailedLoadKeepsTheRules(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("old", "evt.type = open"))
	bad := h.Load([]rules.File{{Name: "bad.yaml", Data: []byte(rule("new", "no.such = 1"))}})
	if bad.Loaded || !bad.Diagnostics.HasErrors() {
		t.Fatalf("a bad file was loaded")
	}
	if got := h.process(h.event("open", nil)); len(got) != 1 || got[0] != "old" {
		t.Errorf("matched %v after a failed load", got)
	}
	h.load(rule("new", "evt.type = open"))
	if got := h.process(h.event("open", nil)); len(got) != 1 || got[0] != "new" {
		t.Errorf("matched %v after a good load", got)
	}
}

func TestCompileRunsNothing(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("old", "evt.type = open"))
	report := h.Compile([]rules.File{{Name: "new.yaml", Data: []byte(rule("new", "evt.type in (open, close)"))}})
	id, _ := h.source.Types().Lookup("close")
	if report.Loaded || !report.Set.Types("syscall").Has(id) || h.Types("syscall").Has(id) {
		t.Error("compiled rules are running, or their types are not known")
	}
	if got := h.process(h.event("open", nil)); len(got) != 1 || got[0] != "old" {
		t.Errorf("matched %v", got)
	}
	if !h.Run(report) || !report.Loaded {
		t.Error("good rules do not run")
	}
	if got := h.process(h.event("close", nil)); len(got) != 1 || got[0] != "new" {
		t.Errorf("matched %v", got)
	}
}

func TestTypes(t *testing.T) {
	h := newHarness(t, engine.Options{Config: rules.Config{
		Selection: rules.Selection{{Match: rules.ByName, Pattern: "off"}},
	}}, rule("a", "evt.type = open"), rule("b", "evt.type in (close, connect)"), rule("off", "evt.type = execve"))
	var got []string
	for name := range h.source.Types().All() {
		if id, _ := h.source.Types().Lookup(name); h.Types("syscall").Has(id) {
			got = append(got, name)
		}
	}
	if want := "open close connect"; strings.Join(got, " ") != want {
		t.Errorf("types %v, want %s", got, want)
	}
	if h.Types("k8s_audit") != nil {
		t.Error("types of a source without rules")
	}
}

func TestStatsGoOnOverReloads(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("a", "evt.type = open"), rule("b", "evt.type = close"))
	h.process(h.event("open", nil))
	h.process(h.event("connect", nil))
	h.load(rule("c", "evt.type = connect"), rule("a", "evt.type = open"))
	h.process(h.event("open", nil))
	h.evaluator.Flush()
	s := h.Stats()
	if got := s.Events["syscall"]; got["open"] != 2 || got["connect"] != 1 {
		t.Errorf("events %v", got)
	}
	if len(s.Rules) != 2 || s.Rules[0].Name != "c" || s.Rules[0].Matches != 0 || s.Rules[1].Matches != 2 {
		t.Errorf("rules %+v", s.Rules)
	}
	if s.Rules[0].Evaluations != 0 || s.Rules[1].Evaluations != 2 {
		t.Errorf("evaluations %+v", s.Rules)
	}
	if s.Loads != 2 || s.FailedLoads != 0 {
		t.Errorf("loads %d, failed %d", s.Loads, s.FailedLoads)
	}
}

// TestEvaluationsAreOnlyThoseThatHappened: the first match ends an event's
// evaluation.
func TestEvaluationsAreOnlyThoseThatHappened(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("first", "evt.type = open and proc.name = a"), rule("second", "evt.type = open"), rule("any", "proc.name = b"))
	h.process(h.event("open", fake.Values{"proc.name": text("a")}))
	h.process(h.event("open", fake.Values{"proc.name": text("b")}))
	h.process(h.event("close", nil))
	h.evaluator.Flush()
	var got []uint64
	for _, r := range h.Stats().Rules {
		got = append(got, r.Evaluations)
	}
	if want := []uint64{2, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("evaluations %v, want %v", got, want)
	}
}

func TestEvaluatorOfUnknownSource(t *testing.T) {
	if _, err := engine.New(engine.Options{}).Evaluator("nope"); err == nil {
		t.Error("no error")
	}
}

func TestProcessDoesNotAllocate(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("a", "evt.type = open and fd.name startswith /etc/"),
		rule("b", "proc.name in (cat, ls) and fd.name contains shadow"))
	ev := h.event("open", fake.Values{"fd.name": text("/usr/lib/libc.so"), "proc.name": text("bash")})
	emit := func(*engine.Detection) { t.Error("matched") }
	if n := testing.AllocsPerRun(20_000, func() { h.evaluator.Process(ev, emit) }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func BenchmarkProcess(b *testing.B) {
	h := newHarness(b, engine.Options{}, rule("a", "evt.type = open and fd.name startswith /etc/"))
	emit := func(*engine.Detection) {}
	values := fake.Values{"fd.name": text("/usr/lib/libc.so")}
	for _, typ := range []string{"open", "close"} {
		b.Run(typ, func(b *testing.B) {
			ev := h.event(typ, values)
			for b.Loop() {
				h.evaluator.Process(ev, emit)
			}
		})
	}
}

func TestPanicInFieldIsCounted(t *testing.T) {
	h := newHarness(t, engine.Options{Matching: engine.All}, rule("bad", "evt.type = open and proc.name = x"), rule("good", "evt.type = close"))
	broken := h.event("open", nil)
	broken.Payload = fake.Panics{}
	if got := h.process(broken); len(got) != 0 {
		t.Errorf("matched %v", got)
	}
	if got := h.process(h.event("close", nil)); len(got) != 1 {
		t.Errorf("the evaluator is broken: %v", got)
	}
	if s := h.Stats(); s.Rules[0].Errors != 1 || s.Rules[1].Errors != 0 {
		t.Errorf("errors %+v", s.Rules)
	}
}

func TestPanicInEmitGoesOn(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("r", "evt.type = open"))
	defer func() {
		if recover() == nil {
			t.Error("the caller's panic was swallowed")
		}
	}()
	h.evaluator.Process(h.event("open", nil), func(*engine.Detection) { panic("caller") })
}

func TestRulesAreSampled(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("r", "evt.type = open and fd.name = x"))
	ev := h.event("open", nil)
	for range 20_000 {
		h.evaluator.Process(ev, nil)
	}
	if r := h.Stats().Rules[0]; r.Samples == 0 || r.Samples > 100 {
		t.Errorf("%d samples", r.Samples)
	}
}

func TestDetectionField(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("r", "evt.type = open"))
	h.evaluator.Process(h.event("open", fake.Values{"fd.name": text("/a")}), func(d *engine.Detection) {
		if d.Field("fd.name").String() != "/a" || d.Field("proc.name").Exists() || d.Field("no.such").Exists() {
			t.Errorf("fields %v", d.Fields)
		}
	})
}

func TestReportCountsEnabledRules(t *testing.T) {
	h := newHarness(t, engine.Options{})
	report := h.Load([]rules.File{{Name: "r.yaml", Data: []byte(rule("a", "evt.type = open") + rule("b", "evt.type = open") + "  enabled: false\n")}})
	if report.Enabled() != 1 || len(report.Set.Rules) != 2 {
		t.Errorf("%d of %d rules enabled", report.Enabled(), len(report.Set.Rules))
	}
}
