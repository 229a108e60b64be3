package conformance

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// corpusOf makes a corpus of the given files.
func corpusOf(t *testing.T, files map[string]string) *Corpus {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	corpus, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return corpus
}

// equalKind passes where the case's text is "ok", panics where it is "panic".
func equalKind(_ *Corpus, c Case) error {
	var text struct{ Text string }
	if err := c.Decode(&text); err != nil {
		return err
	}
	if text.Text == "panic" {
		panic("as asked")
	}
	return compare("input", "ok", text.Text)
}

var kind = Kind{
	Name: "equal", Files: []string{"cases/equal.jsonl", "cases/missing.jsonl"}, Run: equalKind,
	Takes: func(c Case) bool { return c.Kind != "other" },
}

const cases = `{"id": "1", "text": "ok"}

{"id": "2", "text": "wrong"}
{"id": "3", "text": "panic"}
{"id": "4", "text": "wrong"}
{"id": "5", "kind": "other", "text": "wrong"}`

func TestRun(t *testing.T) {
	corpus := corpusOf(t, map[string]string{
		"cases/equal.jsonl": cases, "more.jsonl": `{"id": "6"}` + "\n" + `{"id": "7"}`, "facts.jsonl": `{"size": 1}`,
	})
	results, err := Run(corpus, []Kind{kind}, Exclusions{"4": "a reason"})
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	unread, err := FindUnread(corpus, []Kind{kind})
	if err != nil {
		t.Fatal(err)
	}
	if err := Report(&report, results, unread, ReportOptions{PerKind: 1, MaxBytes: 10}); err != nil {
		t.Fatal(err)
	}
	want := `FAIL 2
     input    i …
     expected o …
     got      w …

equal: 1 more failures

not run, because no kind reads them:
  1 cases of cases/equal.jsonl
  2 cases of more.jsonl

   kind  passed  failed  excluded  passed of run
  equal       1       2         1         33.3 %
1 passed, 2 failed, 1 excluded
`
	if report.String() != want {
		t.Errorf("report:\n%s\nwant:\n%s", report.String(), want)
	}
	if got := results[0].Failed[1].Err.Error(); !strings.HasPrefix(got, "panic: as asked") {
		t.Errorf("the panic reads %q", got)
	}
}

func TestRunRefusesABrokenCorpus(t *testing.T) {
	corpus := corpusOf(t, map[string]string{"cases/equal.jsonl": "{\"id\": \"1\"}\n{"})
	_, err := Run(corpus, []Kind{kind}, nil)
	if err == nil || !strings.Contains(err.Error(), "cases/equal.jsonl:2") {
		t.Errorf("err = %v, want one that names line 2", err)
	}
}

func TestPins(t *testing.T) {
	dir := t.TempDir()
	before := []Result{{Kind: "equal", Passed: []string{"a"}, Failed: []Failure{{"c", errors.New("x")}, {"b", errors.New("x")}}}}
	if err := WritePins(dir, before); err != nil {
		t.Fatal(err)
	}
	pins, err := ReadPins(dir)
	if err != nil {
		t.Fatal(err)
	}
	after := []Result{{Kind: "equal", Passed: []string{"b"}, Failed: []Failure{{"c", errors.New("x")}, {"a", errors.New("x")}}}}
	if got := pins.Unknown(after); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("Unknown = %q, want the case that passed before", got)
	}
	if got := pins.Fixed(after); !reflect.DeepEqual(got, []string{"b"}) {
		t.Errorf("Fixed = %q, want the case that failed before", got)
	}
	counts, err := os.ReadFile(filepath.Join(dir, pinFile))
	if want := "kind\tpassed\tfailed\ttotal\nequal\t1\t2\t3\n"; err != nil || string(counts) != want {
		t.Errorf("%s holds %q (%v), want %q", pinFile, counts, err, want)
	}
}

func TestReadExclusions(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Exclusions
		err  string
	}{
		{"# remark\na/1\tthe reason\n\n", Exclusions{"a/1": "the reason"}, ""},
		{"a/1\n", nil, "without a reason"},
		{"a/1\tx\na/1\ty\n", nil, "twice"},
	} {
		path := filepath.Join(t.TempDir(), ExclusionFile)
		if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := ReadExclusions(path)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q: err = %v, want %q", tt.text, err, tt.err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestExclusionsHave(t *testing.T) {
	excluded := Exclusions{"a/b/1": "x", "c/d/*": "x"}
	for id, want := range map[string]bool{
		"a/b/1": true, "a/b/12": false, "a/b": false, "c/d/1": true, "c/d/e/2": true, "c/dd/1": false, "c/d": false, "": false,
	} {
		if got := excluded.Has(id); got != want {
			t.Errorf("Has(%q) = %v", id, got)
		}
	}
}

func TestKindsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range Kinds() {
		if kind.Name == "" || kind.Run == nil || len(kind.Files) == 0 && kind.Find == nil || seen[kind.Name] {
			t.Errorf("kind %q is incomplete or stands twice", kind.Name)
		}
		seen[kind.Name] = true
	}
}

// Each runner must tell a wrong outcome from a right one.
func TestRunnersTellRightFromWrong(t *testing.T) {
	for _, tt := range []struct {
		kind, file, right, wrong string
	}{
		{"escaping", "filter-cases/escaping.jsonl",
			`{"kind": "escape", "input": "a b", "expect": "\"a b\""}`,
			`{"kind": "escape", "input": "a b", "expect": "a b"}`},
		{"escaping", "filter-cases/escaping.jsonl",
			`{"kind": "unescape", "input": "\"\\xff\"", "expect": {"hex": "ff"}}`,
			`{"kind": "unescape", "input": "\"\\xff\"", "expect": "error"}`},
		{"parse", "filter-cases/parse.jsonl",
			`{"expr": "a andb", "expect": "reject", "message": "after 'and'"}`,
			`{"expr": "a andb", "expect": "reject", "message": "another reason"}`},
		{"parse", "filter-cases/parse.jsonl",
			`{"expr": "a and b", "expect": "accept", "expect_pos": {"idx": 7, "line": 1, "col": 8}}`,
			`{"expr": "a and b", "expect": "accept", "expect_pos": {"idx": 7, "line": 2, "col": 8}}`},
		{"ast", "filter-cases/ast.jsonl",
			`{"kind": "ast", "expr": "a.b in (c)", "expect": {"check": {"field": "a.b"}, "op": "in", "rhs": {"list": ["c"]}}}`,
			`{"kind": "ast", "expr": "a.b in (c)", "expect": {"check": {"field": "a.b"}, "op": "in", "rhs": {"value": "c"}}}`},
		{"ast", "filter-cases/ast.jsonl",
			`{"kind": "ast_positions", "expr": "not a", "expect": [["not", 0, 1, 1], ["identifier", 4, 1, 5]]}`,
			`{"kind": "ast_positions", "expr": "not a", "expect": [["not", 0, 1, 1], ["identifier", 3, 1, 4]]}`},
		{"ast", "filter-cases/ast.jsonl",
			`{"kind": "ast_string", "expr": "a and(b)", "expect": "(a and b)"}`,
			`{"kind": "ast_string", "expr": "a and(b)", "expect": "a and b"}`},
	} {
		kind := kindNamed(t, tt.kind)
		corpus := corpusOf(t, map[string]string{tt.file: tt.right + "\n" + tt.wrong})
		results, err := Run(corpus, []Kind{kind}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := results[0]; len(got.Passed) != 1 || len(got.Failed) != 1 {
			t.Errorf("%s: %d passed, %d failed of\n%s\n%s\n%v", tt.kind, len(got.Passed), len(got.Failed), tt.right, tt.wrong, got.Failed)
		}
	}
}

func kindNamed(t *testing.T, name string) Kind {
	t.Helper()
	for _, kind := range Kinds() {
		if kind.Name == name {
			return kind
		}
	}
	t.Fatalf("no kind %q", name)
	return Kind{}
}
