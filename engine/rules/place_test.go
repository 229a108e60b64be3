package rules_test

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

// load loads files of the fake sources.
func load(files ...string) (*rules.Set, diag.List) {
	return loadWith(rules.Config{}, files...)
}

func loadWith(cfg rules.Config, files ...string) (*rules.Set, diag.List) {
	cfg.Sources = []field.Source{fake.Syscall(), fake.Audit()}
	var in []rules.File
	for i, f := range files {
		in = append(in, rules.File{Name: string(rune('a'+i)) + ".yaml", Data: []byte(f)})
	}
	return rules.Load(in, cfg)
}

func render(list diag.List) string {
	var b strings.Builder
	_ = list.Write(&b, diag.Options{})
	return b.String()
}

// marked takes the marks «…» out of a text and returns the range between them.
func marked(t *testing.T, text string) (plain string, start, end int) {
	t.Helper()
	before, rest, ok := strings.Cut(text, "«")
	inside, after, ok2 := strings.Cut(rest, "»")
	if !ok || !ok2 {
		t.Fatalf("no marks in %q", text)
	}
	return before + inside + after, len(before), len(before) + len(inside)
}

// TestPlaces wants a diagnostic exactly at the marked place, in every style in
// which YAML can write a condition and through all that conditions go through.
func TestPlaces(t *testing.T) {
	head := "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: "
	for _, test := range []struct{ name, yaml, summary, way string }{
		{"plain", head + "evt.type = open and «no.such» = 1\n", "nonexistent field no.such", "in rule r"},
		{"plain over lines", head + "evt.type = open\n    and\n\n      «no.such» = 1\n", "no.such", "in rule r"},
		{"single quoted", head + "'evt.type = ''open'' and «no.such» = 1'\n", "no.such", "in rule r"},
		{"single quoted over lines", head + "'evt.type = ''open'' and\n\n    «no.such» = 1'\n", "no.such", "in rule r"},
		{"double quoted", head + `"evt.type = \"op\x65n\" and\t«no.such» = 1"` + "\n", "no.such", "in rule r"},
		{"double quoted over lines", head + "\"evt.type = open \\\n     and\n     «no.such» = 1\"\n", "no.such", "in rule r"},
		{"double quoted unicode", head + `"fd.name = \u00e9\U0001F600 and «no.such» = 1"` + "\n", "no.such", "in rule r"},
		{"folded", head + ">\n    evt.type = open\n    and «no.such» = 1\n", "no.such", "in rule r"},
		{"folded, stripped", head + ">-\n\n      evt.type = open\n        and\n      «no.such» = 1\n\n\n", "no.such", "in rule r"},
		{"literal", head + "|\n    evt.type = open\n    and «no.such» = 1\n", "no.such", "in rule r"},
		{"literal with indicator", head + "|2+ # why\n    evt.type = open\n    and «no.such» = 1\n\n", "no.such", "in rule r"},
		{"not ASCII before it", head + "fd.name = \"é€😀\" and «no.such» = 1\n", "no.such", "in rule r"},
		{"carriage returns", strings.ReplaceAll(head+">\n    evt.type = open\n    and «no.such» = 1\n", "\n", "\r\n"), "no.such", "in rule r"},
		{"byte order mark", "\xef\xbb\xbf" + head + "evt.type = open and «no.such» = 1\n", "no.such", "in rule r"},
		{"anchor and tag", head + "!!str &c evt.type = open and «no.such» = 1\n", "no.such", "in rule r"},
		{"second document", "---\n" + head + "evt.type = open\n---\n- macro: m\n  condition: a.b = 1 «x»\n", "unexpected token", "in macro m"},
		{"flow mapping", "[{macro: m, condition: evt.type = open}, {rule: r, desc: d, output: o, priority: INFO, condition: m and «no.such» = 1}]", "no.such", "in rule r"},
		{"syntax error", head + "evt.type = open «)»\n", "unexpected token", "in rule r"},
		{"end of text", head + "evt.type = open and\n", "", ""},
		{"appended", head + "evt.type = open\n- rule: r\n  condition: and «no.such» = 1\n  override: {condition: append}\n", "no.such", "in rule r"},
		{"macro", "- macro: m\n  condition: evt.type = open and «no.such» = 1\n" + head + "m\n", "no.such", "in macro m, used by rule r"},
		{"macro of macro", "- macro: m\n  condition: fd.name = a or «no.such» = 1\n- macro: n\n  condition: not m\n" + head + "evt.type = open and n\n",
			"no.such", "in macro m, used by macro n, used by rule r"},
		{"list", "- list: l\n  items: [open, «opn»]\n" + head + "evt.type in (close, l)\n", "unknown event type opn", "in list l, used by rule r"},
		{"list of list", "- list: k\n  items:\n  - open\n  - \"«opn»\"\n- list: l\n  items: [k]\n" + head + "evt.type in (close, l)\n", "opn", "in list l, used by rule r"},
		{"list in macro", "- list: l\n  items: [open, «opn»]\n- macro: m\n  condition: evt.type in (l)\n" + head + "m\n",
			"opn", "in list l, used by macro m, used by rule r"},
		{"behind a list", "- list: l\n  items: [open, openat, openat2]\n" + head + "evt.type in (l) and «no.such» = 1\n", "no.such", "in rule r"},
		{"behind an empty list", "- list: l\n  items: []\n" + head + "evt.type in (open, l, close) and «no.such» = 1\n", "no.such", "in rule r"},
		{"exception's field", head + "evt.type = open\n  exceptions:\n  - name: e\n    fields: [fd.name, «no.such»]\n    values: [[a, b]]\n", "'no.such' is not", "in exception e of rule r"},
		{"exception's operator", head + "evt.type = open\n  exceptions:\n  - name: e\n    fields: [fd.name, proc.name]\n    comps: [=, «oneof»]\n    values: [[a, b]]\n", "'oneof' is not", "in exception e of rule r"},
		{"exception's values", head + "evt.type = open\n  exceptions:\n  - name: e\n    fields: [fd.name, proc.name]\n    values:\n    - [a, b]\n    - «[a]»\n", "equal length", "in exception e of rule r"},
		{"exception's value", head + "evt.type = open\n  exceptions:\n  - name: e\n    fields: [evt.type]\n    values:\n    - [open]\n    - [«opn»]\n", "opn", "in rule r"},
		{"output", strings.Replace(head, "output: o", "output: see %fd.name and %«no.such» there", 1) + "evt.type = open\n", "no.such", "in rule r"},
		{"appended output", head + "evt.type = open\n- rule: r\n  output: >\n    more\n    %«no.such»\n  override: {output: append}\n", "no.such", "in rule r"},
		{"priority", strings.Replace(head, "INFO", "«HIGH»", 1) + "evt.type = open\n", "Invalid priority", "in rule r"},
		{"unknown key", head + "evt.type = open\n  «tag»: [a]\n", "Unknown key 'tag'", "in rule r"},
		{"loop", "- macro: a\n  condition: evt.type = open\n- macro: b\n  condition: a\n- macro: a\n  condition: b\n", "reference loop", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(test.yaml, "«") {
				if _, diags := load(test.yaml); !diags.HasErrors() {
					t.Error("no error")
				}
				return
			}
			yaml, start, end := marked(t, test.yaml)
			_, diags := load(yaml)
			for i := range diags {
				d := &diags[i]
				if strings.Contains(d.Summary, test.summary) && d.Range.Start == start && d.Range.End == end && d.Way() == test.way {
					return
				}
			}
			t.Errorf("nothing with %q at %d-%d %s in\n%s", test.summary, start, end, test.way, render(diags))
		})
	}
}
