package reload

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
)

const patience = 30 * time.Second

// source is a source of events of two types.
type source struct{}

var (
	types  = event.NewTypes("openat", "close")
	fields = field.NewRegistry([]field.Definition{{
		Name: "evt.type", Type: field.Charbuf,
		Get: func(ev *event.Event) event.Value { return event.Text(types.Name(ev.Type)) },
	}})
)

func (source) Name() string            { return "syscall" }
func (source) Fields() *field.Registry { return fields }
func (source) Types() *event.Types     { return types }

// rule is a rules file with one rule for each name.
func rule(names ...string) string {
	var text strings.Builder
	for _, name := range names {
		fmt.Fprintf(&text, "- rule: %s\n  desc: d\n  condition: evt.type = openat\n  output: o\n  priority: INFO\n", name)
	}
	return text.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// replace writes a file as editors do: all at once.
func replace(t *testing.T, path, text string) {
	t.Helper()
	write(t, path+"~", text)
	must(t, os.Rename(path+"~", path))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is an engine whose rules follow files.
type house struct {
	*engine.Engine
	results chan *Result
	first   *Result
}

func open(t *testing.T, capture func(*house, ...*rules.Set) error, names ...string) *house {
	t.Helper()
	h := &house{
		Engine:  engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{source{}}}}),
		results: make(chan *Result, 100),
	}
	h.first = Load(h.Engine, names)
	must(t, h.first.Err)
	opts := Options{
		Config: Config{Enabled: true, Debounce: 5 * time.Millisecond},
		Engine: h.Engine, Names: names, Report: func(r *Result) { h.results <- r },
	}
	if capture != nil {
		opts.Capture = func(sets ...*rules.Set) error { return capture(h, sets...) }
	}
	r, err := Start(opts, h.first)
	must(t, err)
	t.Cleanup(func() {
		for range 2 {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return h
}

// until waits for a result that is as wanted; results between may be of states
// between.
func (h *house) until(t *testing.T, what string, good func(*Result) bool) *Result {
	t.Helper()
	over := time.After(patience)
	for {
		select {
		case r := <-h.results:
			if good(r) {
				return r
			}
		case <-over:
			t.Fatalf("%s: there is no such result", what)
		}
	}
}

// runs waits until exactly these rules run.
func (h *house) runs(t *testing.T, names ...string) {
	t.Helper()
	h.until(t, fmt.Sprint("run ", names), func(r *Result) bool {
		var have []string
		for _, rule := range r.Set.Rules {
			have = append(have, rule.Name)
		}
		return r.Err == nil && slices.Equal(have, names)
	})
}

func failed(r *Result) bool { return r.Err != nil }

func TestFileIsFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, path, rule("a", "b"))
	h := open(t, nil, path)

	write(t, path, rule("b", "c"))
	h.runs(t, "b", "c")

	replace(t, path, rule("d"))
	h.runs(t, "d")
}

func TestResultSaysWhatChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, path, rule("a", "b"))
	h := open(t, nil, path)
	replace(t, path, strings.Replace(rule("b", "c"), "INFO", "ERROR", 1))
	r := h.until(t, "success", func(r *Result) bool { return r.Err == nil })
	attrs := r.Notice().Attributes.AsRaw()
	for key, want := range map[string]string{
		"lanner.reload.result": "success", "lanner.reload.rules.added": "[c]", "lanner.reload.rules.changed": "[b]",
		"lanner.reload.rules.removed": "[a]", "lanner.reload.files": "[" + path + "]", "lanner.reload.rules.enabled": "2",
		"lanner.reload.files.sha256": "[" + r.Files[0].SHA256 + "]",
	} {
		if got := fmt.Sprint(attrs[key]); got != want {
			t.Errorf("%s = %s, want %s", key, got, want)
		}
	}
	if r.Files[0].SHA256 == h.first.Files[0].SHA256 || len(r.Files[0].SHA256) != 64 {
		t.Errorf("hash %q after %q", r.Files[0].SHA256, h.first.Files[0].SHA256)
	}
}

func TestBrokenRulesLeaveTheOldOnes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, path, rule("a"))
	h := open(t, nil, path)

	replace(t, path, strings.Replace(rule("b"), "evt.type", "evt.tpye", 1))
	r := h.until(t, "failure", func(r *Result) bool { return r.Err != nil && strings.Contains(r.Err.Error(), "evt.tpye") })
	for _, want := range []string{path + ":3:", "evt.type"} {
		if !strings.Contains(r.Err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, r.Err)
		}
	}
	if h.Set() != h.first.Set || !r.Changes.Empty() {
		t.Error("the rules from before do not run")
	}
	n := r.Notice()
	if got, _ := n.Attributes.Get("error.message"); n.Attributes.AsRaw()["lanner.reload.result"] != "failure" || !strings.Contains(got.Str(), "evt.tpye") {
		t.Errorf("%v", n.Attributes.AsRaw())
	}

	replace(t, path, rule("a"))
	if r := h.until(t, "success", func(r *Result) bool { return r.Err == nil }); !r.Changes.Empty() {
		t.Errorf("%+v", r.Changes)
	}
}

// configMap writes a generation of a mounted ConfigMap, as the kubelet does: a
// new directory, and a symbolic link ..data that is replaced by a rename.
func configMap(t *testing.T, dir, generation, text string) {
	t.Helper()
	data := "..2026_" + generation
	must(t, os.Mkdir(filepath.Join(dir, data), 0o700))
	write(t, filepath.Join(dir, data, "rules.yaml"), text)
	must(t, os.Symlink(data, filepath.Join(dir, "..data_tmp")))
	must(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
}

func TestConfigMapSwapsAreSeen(t *testing.T) {
	for what, name := range map[string]string{"directory": "", "file": "rules.yaml"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			configMap(t, dir, "1", rule("a"))
			must(t, os.Symlink("..data/rules.yaml", filepath.Join(dir, "rules.yaml")))
			h := open(t, nil, filepath.Join(dir, name))
			for _, generation := range []string{"2", "3"} {
				configMap(t, dir, generation, rule("r"+generation))
				must(t, os.RemoveAll(filepath.Join(dir, "..2026_"+string(generation[0]-1))))
				h.runs(t, "r"+generation)
			}
		})
	}
}

func TestDirectoryGoesAndComesBack(t *testing.T) {
	root := t.TempDir()
	outer := filepath.Join(root, "etc")
	dir := filepath.Join(outer, "rules.d")
	must(t, os.MkdirAll(dir, 0o700))
	write(t, filepath.Join(dir, "a.yaml"), rule("a"))
	h := open(t, nil, dir)

	write(t, filepath.Join(dir, "b.yaml"), rule("b"))
	h.runs(t, "a", "b")
	must(t, os.Remove(filepath.Join(dir, "a.yaml")))
	h.runs(t, "b")

	for i, gone := range []string{dir, outer} {
		must(t, os.Rename(gone, fmt.Sprintf("%s/gone%d", root, i)))
		h.until(t, "the directory is gone", failed)
		must(t, os.MkdirAll(dir, 0o700))
		name := fmt.Sprintf("c%d", i)
		write(t, filepath.Join(dir, "c.yaml"), rule(name))
		h.runs(t, name)
	}
}

// TestCaptureIsWidenedBeforeAndNarrowedAfter: what is captured is told first of
// both sets, then of the one that runs.
func TestCaptureIsWidenedBeforeAndNarrowedAfter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, path, rule("a"))
	var calls []string
	h := open(t, func(h *house, sets ...*rules.Set) error {
		var call []string
		for _, set := range sets {
			call = append(call, set.Rules[0].Name)
		}
		calls = append(calls, fmt.Sprintf("%s while %s runs", call, h.Set().Rules[0].Name))
		return nil
	}, path)
	replace(t, path, rule("b"))
	h.runs(t, "b")
	if want := []string{"[a b] while a runs", "[b] while b runs"}; !slices.Equal(calls, want) {
		t.Errorf("%q, want %q", calls, want)
	}
}

func TestRefusedCapturePreventsTheSwap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, path, rule("a"))
	refused := errors.New("no room")
	h := open(t, func(*house, ...*rules.Set) error { return refused }, path)
	replace(t, path, rule("b"))
	if r := h.until(t, "failure", failed); !errors.Is(r.Err, refused) || h.Set() != h.first.Set {
		t.Errorf("%v, running %v", r.Err, h.Set().Rules[0].Name)
	}
}

func TestDisabledWatchesNothing(t *testing.T) {
	r, err := Start(Options{Names: []string{"/no/such"}}, &Result{})
	must(t, err)
	if r.watch != nil {
		t.Error("it watches")
	}
	must(t, r.Close())
}

func TestEmbeddedFilesNeedNoWatch(t *testing.T) {
	w, err := newWatcher([]string{"embedded:lanner_rules.yaml"}, 0)
	must(t, err)
	defer func() { must(t, w.close()) }()
	if len(w.wanted) != 0 {
		t.Errorf("%v", w.wanted)
	}
}
