package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// outcome is what a run of the tool gave.
type outcome struct {
	out, err string
	failed   error
}

// lanner runs the tool.
func lanner(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetIn(strings.NewReader("- macro:   a\n  condition:  b\n"))
	err := root.Execute()
	return outcome{out.String(), errs.String(), err}
}

// succeeds runs the tool and wants success.
func succeeds(t *testing.T, args ...string) string {
	t.Helper()
	got := lanner(t, args...)
	if got.failed != nil {
		t.Fatalf("lanner %q: %v\n%s", args, got.failed, got.err)
	}
	return got.out
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, text, want)
	}
}

// decoded reads JSON output.
func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return v
}

const good, mistakes = "testdata/good.yaml", "testdata/mistakes.yaml"

func TestCheckShowsEveryMistake(t *testing.T) {
	got := lanner(t, "check", mistakes)
	if !errors.Is(got.failed, errReported) {
		t.Errorf("check of mistakes: %v, want a failure that has been reported", got.failed)
	}
	if n := strings.Count(got.out, ": error: "); n != 10 {
		t.Errorf("%d errors, want 10", n)
	}
	golden(t, "mistakes.txt", got.out)
}

func TestCheckForms(t *testing.T) {
	problems := decoded[[]struct{ Severity, Code string }](t, lanner(t, "check", "-o", "json", mistakes).out)
	if len(problems) != 10 || problems[0].Severity != "error" || problems[0].Code == "" {
		t.Errorf("JSON: %+v", problems)
	}
	log := decoded[struct {
		Version string
		Runs    []struct{ Results []struct{ RuleID string } }
	}](t, lanner(t, "check", "-o", "sarif", mistakes).out)
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) != 10 {
		t.Errorf("SARIF: %+v", log)
	}
}

func TestCheckStrict(t *testing.T) {
	dir := t.TempDir()
	unused := filepath.Join(dir, "unused.yaml")
	if err := os.WriteFile(unused, []byte("- macro: a\n  condition: evt.type = open\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := succeeds(t, "check", dir); !strings.Contains(out, "0 rules loaded: 0 errors, 1 warning\n") {
		t.Errorf("check: %s", out)
	}
	if got := lanner(t, "check", "--strict", dir); !errors.Is(got.failed, errReported) {
		t.Errorf("check --strict: %v", got.failed)
	}
	if out := succeeds(t, "check", "--strict", good); out != "3 rules loaded: 0 errors, 0 warnings\n" {
		t.Errorf("check of a good file: %s", out)
	}
}

func TestWrongUse(t *testing.T) {
	for want, args := range map[string][]string{
		"requires at least 1 arg(s)":                     {"check"},
		"no such file":                                   {"check", "testdata/none.yaml"},
		"must be one of text, json, sarif":               {"check", "-o", "xml", good},
		`no event source "kernel"; there are syscall`:    {"fields", "-s", "kernel"},
		`did you mean proc.name?`:                        {"fields", "proc.nmae"},
		`no event type matches "opeen"; did you mean`:    {"events", "opeen"},
		`did you mean "Secret read"?`:                    {"explain", "-r", good, "Secret raed"},
		"3 rules match \"r\":\n  Secret read\n  Program": {"explain", "-r", good, "r"},
		"no .test files found":                           {"test", t.TempDir()},
		"embedded:x is part of the program":              {"fmt", "embedded:x"},
		"a rules file is a list of items":                {"fmt", "testdata/falco.yaml"},
		"line 1: a falco.yaml is a mapping":              {"migrate", good},
		`unknown command "chekc" for "lanner"`:           {"chekc"},
		"none of the others can be":                      {"fmt", "-w", "--check", good},
		`there is no embedded file "none"; there are `:   {"list", "embedded:none"},
	} {
		if got := lanner(t, args...); got.failed == nil || !strings.Contains(got.failed.Error(), want) {
			t.Errorf("lanner %q: %v, want %q", args, got.failed, want)
		}
	}
}

func TestRulesWithErrorsAreNotDescribed(t *testing.T) {
	for _, args := range [][]string{{"list", mistakes}, {"coverage", mistakes}, {"explain", "-r", mistakes, "Output"}} {
		got := lanner(t, args...)
		if !errors.Is(got.failed, errReported) || got.out != "" || !strings.Contains(got.err, "nonexistent field") {
			t.Errorf("lanner %q: %v\n%s%s", args, got.failed, got.out, got.err)
		}
	}
}

func TestFields(t *testing.T) {
	out := succeeds(t, "fields", "proc.aname*")
	if !strings.HasPrefix(out, "FIELD ") || !strings.Contains(out, "\nproc.aname[index]") {
		t.Errorf("fields: %s", out)
	}
	all := decoded[[]fieldInfo](t, succeeds(t, "fields", "-o", "json"))
	if len(all) < 100 || !slices.ContainsFunc(all, func(f fieldInfo) bool { return f.Name == "fd.name" && f.Type == "charbuf" }) {
		t.Errorf("%d fields in JSON", len(all))
	}
	for _, f := range all {
		if f.Desc == "" {
			t.Errorf("%s has no description", f.Name)
		}
	}
}

func TestEvents(t *testing.T) {
	out := succeeds(t, "events", "openat*")
	for _, line := range []string{"EVENT ", "openat ", "openat2 "} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	all := decoded[[]eventInfo](t, succeeds(t, "events", "-o", "json"))
	for _, e := range all {
		if e.Kind == "" {
			t.Errorf("%s has no kind", e.Name)
		}
	}
}

func TestExplain(t *testing.T) {
	golden(t, "explain.txt", succeeds(t, "explain", "-r", good, "server"))
	e := decoded[explanation](t, succeeds(t, "explain", "-o", "json", "-r", good, "Secret read"))
	if want := "(evt.type in (open, openat) and fd.name in (/etc/shadow, /etc/sudoers))"; e.Condition != want {
		t.Errorf("condition %q, want %q", e.Condition, want)
	}
	if !slices.Equal(e.EventTypes, []string{"open", "openat"}) || !slices.Equal(e.Techniques, []string{"T1003.008", "T1552"}) {
		t.Errorf("explain: %+v", e)
	}
}

func TestExplainCapture(t *testing.T) {
	const file = "testdata/capture.yaml"
	golden(t, "capture.txt", succeeds(t, "explain", "--capture", file))
	for _, r := range decoded[[]captureReport](t, succeeds(t, "explain", "--capture", "-o", "json", file)) {
		if r.All != (r.Type == "unlink" || r.Type == "symlink") {
			t.Errorf("%s: all %v", r.Type, r.All)
		}
	}
}

func TestList(t *testing.T) {
	golden(t, "list.txt", succeeds(t, "list", good))
	found := decoded[[]ruleInfo](t, succeeds(t, "list", "-o", "json", "-t", "host", good))
	if len(found) != 2 || found[0].Name != "Program started" || found[0].Enabled || found[0].Line != 14 {
		t.Errorf("list: %+v", found)
	}
	if out := succeeds(t, "list"); strings.Count(out, "\n") < 20 {
		t.Errorf("the default rules:\n%s", out)
	}
}

func TestCoverage(t *testing.T) {
	golden(t, "coverage.md", succeeds(t, "coverage", good))
	golden(t, "coverage.json", succeeds(t, "coverage", "-o", "json", good))
}

func TestFormat(t *testing.T) {
	if out := succeeds(t, "fmt", "-"); out != "- macro: a\n  condition: b\n" {
		t.Errorf("fmt of standard input: %q", out)
	}
	path := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(path, []byte("- macro:   a\n  condition:  b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := lanner(t, "fmt", "--check", path); got.out != path+"\n" || !errors.Is(got.failed, errReported) {
		t.Errorf("fmt --check: %+v", got)
	}
	if out := succeeds(t, "fmt", "-w", filepath.Dir(path)); out != "" {
		t.Errorf("fmt -w prints %q", out)
	}
	if out := succeeds(t, "fmt", "--check", path); out != "" {
		t.Errorf("fmt --check after fmt -w: %q", out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v (%v)", info.Mode(), err)
	}
}

func TestMigrate(t *testing.T) {
	got := lanner(t, "migrate", "testdata/falco.yaml")
	if got.failed != nil || !strings.Contains(got.out, "min_priority: warning") {
		t.Errorf("migrate: %+v", got)
	}
	if want := "testdata/falco.yaml: line 5: program_output: no exporter runs a program"; !strings.Contains(got.err, want) {
		t.Errorf("notes: %s", got.err)
	}
}

func TestCompletion(t *testing.T) {
	if out := succeeds(t, "__complete", "explain", "-r", good, ""); !strings.Contains(out, "Secret read\n") {
		t.Errorf("completion of rule names: %s", out)
	}
	if out := succeeds(t, "__complete", "check", "-o", ""); !strings.Contains(out, "sarif\n") {
		t.Errorf("completion of forms: %s", out)
	}
	if out := succeeds(t, "completion", "bash"); !strings.Contains(out, "lanner") {
		t.Errorf("no completion script: %.80s", out)
	}
}

// Every command's help says what it is and gives an example.
func TestHelpTeaches(t *testing.T) {
	for _, cmd := range newRoot().Commands() {
		if cmd.Short == "" || cmd.Example == "" && cmd.Name() != "completion" && cmd.Name() != "help" {
			t.Errorf("%s has no description or example", cmd.Name())
		}
	}
}
