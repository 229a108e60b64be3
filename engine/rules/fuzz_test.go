package rules_test

import (
	"testing"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/rules"
)

// FuzzLoad: no file makes loading panic, every place lies in its file, and
// every diagnostic can be rendered.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		ruleR("evt.type = open and fd.name in (l)", "  exceptions:\n  - {name: e, fields: [fd.name, proc.name], comps: [in, =], values: [[[a, b], c]]}\n") +
			"- list: l\n  items: [a, \"b c\", 'd']\n- macro: m\n  condition: |\n    evt.type = open\n    and l\n",
		ruleR("m") + "- rule: r\n  condition: and fd.name = a\n  override: {condition: append}\n",
		"---\n- required_engine_version: 0.31.0\n- required_plugin_versions:\n  - {name: json, version: 0.7.0, alternatives: [{name: j, version: 1.0.0}]}\n---\n",
		"- &a [*a]\n- macro: m\n  condition: >-\n\n   a\n\n   b\n",
		"- macro: m\n  condition: \"a\\x62\\u00e9 \\\n    c\"\n- macro: n\n  condition: 'it''s\n\n    m'\n",
		"- a: b: c\n- list: x\n  items: []\n",
		"\xef\xbb\xbf- list: é\u2028\n  items: [\u0085]\r\n",
	} {
		f.Add([]byte(seed))
	}
	cfg := rules.Config{Sources: []field.Source{fake.Syscall(), fake.Audit()}}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		set, diags := rules.Load([]rules.File{{Name: "fuzz.yaml", Data: data}}, cfg)
		for i := range diags {
			checkRange(t, &diags[i], len(data))
		}
		_ = render(diags)
		_ = set.Describe()
	})
}

func checkRange(t *testing.T, d *diag.Diagnostic, size int) {
	t.Helper()
	ranges := []diag.Range{d.Range}
	for _, f := range d.Context {
		ranges = append(ranges, f.At)
	}
	for _, r := range ranges {
		if r.Known() && (r.Start < 0 || r.End < r.Start || r.End > size) {
			t.Errorf("%s: range %d-%d in %d bytes", d.Summary, r.Start, r.End, size)
		}
	}
	if d.Summary == "" {
		t.Error("no summary")
	}
}
