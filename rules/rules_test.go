package rules_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/mitre"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/internal/rulesfmt"
	"github.com/lannersec/lanner/internal/ruletest"
	"github.com/lannersec/lanner/rules"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/syscall"
)

func TestScripts(t *testing.T) { ruletest.Run(t, "testdata/*.test", ruletest.Options{}) }

// load loads embedded files and fails for any diagnostic: our own rules have
// neither errors nor warnings.
func load(t testing.TB, names ...string) *enginerules.Set {
	t.Helper()
	var files []enginerules.File
	for _, name := range names {
		files = append(files, enginerules.File{Name: name, Data: []byte(text(t, name))})
	}
	set, diags := enginerules.Load(files, enginerules.Config{Sources: catalog.All()})
	for _, d := range diags {
		t.Errorf("%s", d.String())
	}
	return set
}

// text is an embedded file.
func text(t testing.TB, name string) string {
	t.Helper()
	data, err := fs.ReadFile(rules.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLoadWithoutWarnings(t *testing.T) {
	sets := [][]string{{rules.Default}, {rules.Audit}, {rules.Default, rules.Audit}}
	for _, name := range rules.Logs() {
		sets = append(sets, []string{name})
	}
	for _, names := range sets {
		t.Run(strings.Join(names, "+"), func(t *testing.T) { load(t, names...) })
	}
}

// TestEveryRuleHasAScript proves that no rule is added without a script in
// which it fires.
func TestEveryRuleHasAScript(t *testing.T) {
	fires := map[string]bool{}
	files, err := filepath.Glob("testdata/*.test")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, chunk := range ruletest.Parse(file, text).Chunks {
			for _, step := range chunk.Steps {
				if fire, ok := step.(*ruletest.ExpectFire); ok {
					fires[fire.Rule] = true
				}
			}
		}
	}
	for _, rule := range load(t, append([]string{rules.Default, rules.Audit}, rules.Logs()...)...).Rules {
		if !fires[rule.Name] {
			t.Errorf("%q fires in no script", rule.Name)
		}
	}
}

var (
	ruleName  = regexp.MustCompile(`^[A-Z][A-Za-z]*( [a-zA-Z]+)+$`)
	technique = regexp.MustCompile(`^T[0-9]{4}(\.[0-9]{3})?$`)
)

// scopes and subjects are the tags that say where a rule applies and what it
// watches.
var (
	scopes   = []string{"host", "container"}
	subjects = []string{"process", "filesystem", "network", "users", "kernel"}
)

// whatAnAnalystNeeds is what every output names.
var whatAnAnalystNeeds = []string{"%proc.name", "%proc.pid", "%proc.cmdline", "%user.name", "%user.uid"}

func TestRulesAreOfOneForm(t *testing.T) {
	for _, rule := range load(t, rules.Default, rules.Audit).Rules {
		if !ruleName.MatchString(rule.Name) {
			t.Errorf("%q: a name is a few words, the first with a capital", rule.Name)
		}
		if len(rule.Desc) < 80 {
			t.Errorf("%q: the description does not say what to do: %q", rule.Name, rule.Desc)
		}
		for _, name := range whatAnAnalystNeeds {
			if !strings.Contains(rule.OutputText, name) && !startsContainer(rule) {
				t.Errorf("%q: the output lacks %s", rule.Name, name)
			}
		}
		if !tagsInOrder(rule.Tags) {
			t.Errorf("%q: tags are scope, subject, mitre_<tactic>, technique, not %v", rule.Name, rule.Tags)
		}
		onlyContainer := !slices.Contains(rule.Tags, "host")
		if onlyContainer && !strings.Contains(rule.OutputText, "%container.name") && !strings.Contains(rule.OutputText, "%container.id") {
			t.Errorf("%q: the output does not name the container", rule.Name)
		}
	}
}

// startsContainer tells of the rules whose process is all there is of the
// container yet.
func startsContainer(rule *enginerules.Rule) bool {
	return strings.Contains(rule.ConditionText, "container_begins")
}

// tagsInOrder tells whether tags are: scopes, subjects, audit, a tactic, techniques.
func tagsInOrder(tags []string) bool {
	parts := []func(string) bool{
		func(tag string) bool { return slices.Contains(scopes, tag) },
		func(tag string) bool { return slices.Contains(subjects, tag) },
		func(tag string) bool { return tag == "audit" },
		func(tag string) bool { return len(mitre.Of([]string{tag}).Tactics) == 1 },
		technique.MatchString,
	}
	counts := make([]int, len(parts))
	at := 0
	for _, tag := range tags {
		for at < len(parts) && !parts[at](tag) {
			at++
		}
		if at == len(parts) {
			return false
		}
		counts[at]++
	}
	return counts[0] > 0 && counts[1] > 0 && counts[3] == 1 && counts[4] > 0
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b, rules.Default)
	}
}

// TestFormatted proves that the files are as `lanner fmt` writes them.
func TestFormatted(t *testing.T) {
	for _, name := range append([]string{rules.Default, rules.Audit}, rules.Logs()...) {
		data := text(t, name)
		formatted, err := rulesfmt.Format([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if string(formatted) != data {
			t.Errorf("%s is not formatted: run lanner fmt -w rules/", name)
		}
	}
}

// host is a machine on which a program opens files, with the default rules.
type host struct {
	state     *syscall.State
	event     syscall.Event
	host      syscall.Host
	evaluator *engine.Evaluator
	record    []byte
}

func newHost(t testing.TB, path string) *host {
	t.Helper()
	eng := engine.New(engine.Options{Config: enginerules.Config{Sources: catalog.All()}})
	data, err := fs.ReadFile(rules.FS, rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	if report := eng.Load([]enginerules.File{{Name: rules.Default, Data: data}}); !report.Loaded {
		t.Fatal(report.Diagnostics.Err())
	}
	threads := process.NewTable(process.Options{})
	th := process.NewThread(42)
	th.PID, th.PTID, th.Comm, th.Exe, th.ExePath = 42, 1, "postgres", "postgres", "/usr/lib/postgresql/bin/postgres"
	th.SetCwd("/var/lib/postgresql")
	threads.Add(th)
	h := &host{state: syscall.NewState(threads), host: syscall.Host{Threads: threads}}
	if h.evaluator, err = eng.Evaluator(syscall.SourceName); err != nil {
		t.Fatal(err)
	}
	info := syscall.Current("openat")
	record := inject.Record{Time: 1, TID: 42, Type: info.Num, Params: make([][]byte, len(info.Params))}
	for name, value := range map[string]uint64{"fd": 7, "dirfd": ^uint64(99), "flags": 3 /* O_RDWR */} {
		i := info.Param(name)
		if record.Params[i], err = inject.Number(info.Params[i].Type, value); err != nil {
			t.Fatal(err)
		}
	}
	record.Params[info.Param("name")] = inject.Text(path)
	h.record = record.Append(nil)
	return h
}

// open decodes, applies and evaluates the opening of the file.
func (h *host) open(t testing.TB) (fired int) {
	if err := h.event.Decode(h.record, syscall.FormCounted); err != nil {
		t.Fatal(err)
	}
	h.event.Host = &h.host
	h.state.Apply(&h.event)
	h.evaluator.Process(&h.event.Head, func(*engine.Detection) { fired++ })
	return fired
}

const uninteresting = "/var/lib/postgresql/16/main/base/5/2619"

// TestOpenDoesNotAllocate guards the way of the event that hosts have most of.
func TestOpenDoesNotAllocate(t *testing.T) {
	h := newHost(t, uninteresting)
	if fired := h.open(t); fired != 0 {
		t.Fatalf("%d rules fired", fired)
	}
	if n := testing.AllocsPerRun(10_000, func() { h.open(t) }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func BenchmarkOpen(b *testing.B) {
	h := newHost(b, uninteresting)
	for b.Loop() {
		h.open(b)
	}
}
