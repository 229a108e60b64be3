package rulesfmt

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file")

func TestFormatGolden(t *testing.T) {
	source, err := os.ReadFile("testdata/in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Format(source)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "out.yaml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	checkStable(t, got)
}

// checkStable wants that formatted text stays as it is.
func checkStable(t *testing.T, formatted []byte) {
	t.Helper()
	again, err := Format(formatted)
	if err != nil {
		t.Fatalf("formatted text does not format: %v\n%s", err, formatted)
	}
	if string(again) != string(formatted) {
		t.Errorf("formatting twice gives\n%s\nafter\n%s", again, formatted)
	}
}

func TestFormatScalars(t *testing.T) {
	long := strings.Repeat("word ", 30) + "end"
	for name, source := range map[string]string{
		"literal":           "- rule: a\n  desc: |\n    one\n      two\n    three\n",
		"literal lines":     "- rule: a\n  desc: |-\n    one\n\n    three\n",
		"folded, no end":    "- rule: a\n  output: >-\n    " + long + "\n",
		"folded, two ends":  "- rule: a\n  output: >+\n    " + long + "\n\n",
		"quoted":            "- rule: a\n  desc: \"" + long + " \\t\"\n",
		"double blanks":     "- rule: a\n  desc: \"" + strings.Repeat("word  ", 30) + "end\"\n",
		"true as text":      "- list: a\n  items: [\"true\", \"1\", 'x: y', \"[z]\", '', -]\n",
		"broken condition":  "- macro: a\n  condition: and proc.name = \"a   b\" or (\n",
		"outer parentheses": "- macro: a\n  condition: (a or b)\n",
		"empty values":      "- rule: a\n  condition: \"\"\n  tags: []\n  exceptions: {}\n  output:\n",
		"number":            "- rule: a\n  enabled: yes\n  capture_duration: 10\n  unknown: {b: [1, 2], a: {c: d}}\n",
		"documents":         "- macro: a\n  condition: b\n---\n- macro: c\n  condition: d\n",
		"high bytes":        "- macro: ä\n  condition: proc.name = \"ä\u00a0ö\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Format([]byte(source))
			if err != nil {
				t.Fatal(err)
			}
			checkStable(t, got)
		})
	}
}

func TestFormatRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"a: b\n":                         "line 1: a rules file is a list of items",
		"- a\n":                          "line 1: an item of a rules file is a mapping",
		"- macro: &x a\n  condition: *x": "line 1: files with anchors are not formatted",
		"- a: [":                         "yaml:",
		"- macro: a\n  macro: b\n":       "already defined",
	} {
		_, err := Format([]byte(source))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Format(%q): %v, want %q", source, err, want)
		}
	}
}

func TestLayoutCondition(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"a  and\nb", 80, "a and b"},
		{"a and (b and c) or d", 80, "(a and (b and c)) or d"},
		{"( a or b )", 80, "(a or b)"},
		{"(a) or b", 80, "a or b"},
		{"x.y in (a,b)", 80, "x.y in (a, b)"},
		{"x.y == oneof (a,b)", 80, "x.y == oneof (a, b)"},
		{"aaaa and bbbb", 8, "aaaa\nand bbbb"},
		{"not (aaaa or bbbb)", 10, "not (\n  aaaa\n  or bbbb)"},
		{"x.y in (aaa, bbb, ccc)", 14, "x.y in (\n  aaa, bbb,\n  ccc)"},
		{"and not   x.y = 'a   b'", 80, "and not x.y = 'a   b'"},
	} {
		if got := strings.Join(layoutCondition(tt.text, tt.width), "\n"); got != tt.want {
			t.Errorf("layoutCondition(%q, %d):\n%s\nwant:\n%s", tt.text, tt.width, got, tt.want)
		}
	}
}

// FuzzFormat wants no panic, and text that stays as it is when formatted twice.
func FuzzFormat(f *testing.F) {
	source, err := os.ReadFile("testdata/in.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(source))
	f.Add("- a: b # c\n  # d\n\n# e\n---\n- {f: [g, {h: i}]}\n")
	f.Fuzz(func(t *testing.T, source string) {
		got, err := Format([]byte(source))
		if err != nil {
			return
		}
		if again, err := Format(got); err == nil && string(again) != string(got) {
			t.Errorf("formatting twice gives\n%s\nafter\n%s", again, got)
		}
	})
}
