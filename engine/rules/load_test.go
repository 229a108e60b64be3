package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/rules"
)

// ruleR is a rule r with a condition and more keys.
func ruleR(condition string, more ...string) string {
	return "- rule: r\n  desc: d\n  output: o %fd.name\n  priority: INFO\n  condition: " + condition + "\n" + strings.Join(more, "")
}

// TestCompiledConditions wants the condition of rule r after all merging and
// expansion.
func TestCompiledConditions(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"macro keeps its own brackets", "- macro: m\n  condition: fd.name = a or fd.name = b\n" + ruleR("m and evt.type = open"),
			"((fd.name = a or fd.name = b) and evt.type = open)"},
		{"list by name", "- list: l\n  items: [a, b c, 'd \"e']\n" + ruleR("fd.name in (x, l)"), `fd.name in (x, a, "b c", "d \"e")`},
		{"list in a list, later in the file", "- list: l\n  items: [k, z]\n- list: k\n  items: [j]\n- list: j\n  items: [y]\n" + ruleR("fd.name in (l)"),
			"fd.name in (y, z)"},
		{"list of itself", "- list: l\n  items: [a, l]\n" + ruleR("fd.name in (l)"), "fd.name in (a, l)"},
		{"empty list first", "- list: l\n  items: []\n" + ruleR("fd.name in (l, a)"), "fd.name in (a)"},
		{"empty list last", "- list: l\n  items: []\n" + ruleR("fd.name in (a , l )"), "fd.name in (a)"},
		{"empty list alone", "- list: l\n  items: []\n" + ruleR("fd.name in (l)"), "fd.name in ()"},
		{"list's name inside a word", "- list: l\n  items: [x]\n" + ruleR("fd.name in (l.y, /l)"), "fd.name in (l.y, /l)"},
		{"list's name in quotes", "- list: l\n  items: [x]\n" + ruleR(`'fd.name in ("l", "a l b")'`), `fd.name in (l, "a x b")`},
		{"appended list", "- list: l\n  items: [a]\n" + ruleR("fd.name in (l)") + "- list: l\n  items: [b]\n  append: true\n", "fd.name in (a, b)"},
		{"replaced list", "- list: l\n  items: [a]\n" + ruleR("fd.name in (l)") + "- list: l\n  items: [b]\n  override: {items: replace}\n", "fd.name in (b)"},
		{"appended condition", ruleR("evt.type = open") + "- rule: r\n  condition: or evt.type = close\n  append: true\n",
			"(evt.type = open or evt.type = close)"},
		{"append binds as text", ruleR("fd.name = a or fd.name = b") + "- rule: r\n  condition: and evt.type = open\n  override: {condition: append}\n",
			"(fd.name = a or (fd.name = b and evt.type = open))"},
		{"exception of one field", ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: fd.name\n    values: [a, b c]\n"),
			`(evt.type = open and not fd.name in (a, "b c"))`},
		{"exception with its operator", ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: fd.name\n    comps: pmatch\n    values: [/a]\n"),
			"(evt.type = open and not fd.name pmatch (/a))"},
		{"exception of fields", ruleR("evt.type = open or evt.type = close", "  exceptions:\n  - name: e\n    fields: [fd.name, proc.name]\n    values: [[a, b], [c, d]]\n"),
			"((evt.type = open or evt.type = close) and not ((fd.name = a and proc.name = b) or (fd.name = c and proc.name = d)))"},
		{"exception with operators and lists", "- list: l\n  items: [x, y]\n" +
			ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: [fd.name, proc.name]\n    comps: [in, startswith oneof]\n    values:\n    - [l, [p, q]]\n    - [(m), z]\n"),
			"(evt.type = open and not ((fd.name in (x, y) and proc.name startswith oneof (p, q)) or (fd.name in (m) and proc.name startswith oneof (z))))"},
		{"exception without values", ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: [fd.name]\n"), "evt.type = open"},
		{"values appended to an exception", ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: [fd.name]\n    values: [[a]]\n") +
			"- rule: r\n  exceptions:\n  - name: e\n    values: [[b]]\n  override: {exceptions: append}\n",
			"(evt.type = open and not (fd.name = a or fd.name = b))"},
		{"exception added", ruleR("evt.type = open") + "- rule: r\n  exceptions:\n  - name: e\n    fields: fd.name\n    values: [b]\n  append: true\n",
			"(evt.type = open and not fd.name in (b))"},
		{"exceptions replaced", ruleR("evt.type = open", "  exceptions:\n  - name: e\n    fields: [fd.name]\n    values: [[a]]\n") +
			"- rule: r\n  exceptions:\n  - name: f\n    fields: proc.name\n    values: [b]\n  override: {exceptions: replace}\n",
			"(evt.type = open and not proc.name in (b))"},
		{"macro from a later file", ruleR("m") + "- macro: m\n  condition: evt.type = open\n", "evt.type = open"},
		{"alias", "- macro: m\n  condition: &c evt.type = open\n" + ruleR("*c"), "evt.type = open"},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, diags := load(test.yaml)
			r := set.Find("r")
			if diags.HasErrors() || r == nil {
				t.Fatalf("errors:\n%s", render(diags))
			}
			if got := filter.Print(r.Expr); got != test.want {
				t.Errorf("\ngot  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestProblems wants diagnostics by code and text, and no errors besides.
func TestProblems(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		want       []string // code and text, blank between
	}{
		{"not an array", "foo: bar", []string{"LOAD_ERR_YAML_VALIDATE not yaml array"}},
		{"a word", "foo", []string{"LOAD_ERR_YAML_VALIDATE not yaml"}},
		{"entry is a word", "- foo", []string{"LOAD_ERR_YAML_VALIDATE Unexpected element type"}},
		{"unknown item", "- rul: x\n", []string{"LOAD_UNKNOWN_ITEM Unknown top level item"}},
		{"empty name", "- macro:\n  condition: evt.type = open\n", []string{"LOAD_ERR_YAML_VALIDATE Mapping for key 'macro' is empty"}},
		{"all missing keys at once", "- rule: r\n  desc: d\n", []string{"_VALIDATE key 'condition'", "_VALIDATE key 'output'", "_VALIDATE key 'priority'"}},
		{"condition is a list", ruleR("[a]"), []string{"_VALIDATE not a scalar"}},
		{"tags are a text", ruleR("evt.type = open", "  tags: a\n"), []string{"_VALIDATE not a sequence"}},
		{"enabled is a word", ruleR("evt.type = open", "  enabled: maybe\n"), []string{"_VALIDATE Can't decode"}},
		{"key twice", ruleR("evt.type = open", "  desc: e\n"), []string{"LANNER_DUPLICATE_KEY 'desc' stands twice"}},
		{"append and override", ruleR("evt.type = open") + "- rule: r\n  condition: and fd.name = a\n  append: true\n  override: {condition: append}\n",
			[]string{"_VALIDATE cannot be used together", "LOAD_DEPRECATED_ITEM "}},
		{"override of what cannot be", "- list: l\n  items: [a]\n  override: {list: append}\n", []string{"_VALIDATE Key 'list' cannot be appended"}},
		{"unknown operation", "- list: l\n  items: [a]\n  override: {items: add}\n", []string{"_VALIDATE Allowed values are: append replace"}},
		{"exception's fields appended", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name]}]\n") +
			"- rule: r\n  exceptions: [{name: e, fields: [fd.name], values: [[a]]}]\n  append: true\n", []string{"_VALIDATE Can not append exception fields", "LOAD_DEPRECATED_ITEM "}},
		{"exceptions of one name", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name]}, {name: e, fields: [fd.name]}]\n"),
			[]string{"LOAD_EXCEPTION_NAME_NOT_UNIQUE Multiple definitions of exception 'e'"}},
		{"exception values too deep", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], values: [[[[a]]]]}]\n"), []string{"_VALIDATE nested too deeply"}},
		{"engine too old", "- required_engine_version: 0.58.0\n", []string{"LOAD_ERR_VALIDATE require engine version 0.58.0"}},
		{"engine of another world", "- required_engine_version: 1.0.0\n", []string{"LOAD_ERR_VALIDATE require engine version 1.0.0"}},
		{"macro sees only what was before", "- macro: n\n  condition: m\n- macro: m\n  condition: evt.type = open\n" + ruleR("n"),
			[]string{"LOAD_ERR_VALIDATE Undefined macro 'm'", "LOAD_UNUSED_MACRO "}},
		{"broken macro is reported once", "- macro: m\n  condition: evt.type = open )\n" + ruleR("m") + strings.ReplaceAll(ruleR("not m"), "rule: r", "rule: s"),
			[]string{"LOAD_ERR_COMPILE_CONDITION "}},
		{"unreadable macro is reported once", "- macro: m\n  condition: [a]\n" + ruleR("m"), []string{"_VALIDATE not a scalar"}},
		{"one mistake in a macro of many rules", "- macro: m\n  condition: no.such = 1\n" + ruleR("m") + strings.ReplaceAll(ruleR("not m"), "rule: r", "rule: s"),
			[]string{"LOAD_ERR_COMPILE_CONDITION no.such"}},
		{"several mistakes in several rules", ruleR("no.such = 1 and nor.this = 2") + strings.ReplaceAll(ruleR("evt.type = opn"), "rule: r", "rule: s"),
			[]string{"_CONDITION no.such", "_CONDITION nor.this", "_CONDITION opn"}},
		{"unknown source", ruleR("a.b = 1", "  source: nowhere\n"), []string{"LOAD_UNKNOWN_SOURCE Unknown source nowhere, skipping"}},
		{"macros of left out rules are used", "- macro: m\n  condition: a.b = 1\n" + ruleR("m and l", "  source: nowhere\n") + "- list: l\n  items: [a]\n", []string{"LOAD_UNKNOWN_SOURCE "}},
		{"skip if unknown", ruleR("no.such = 1", "  skip-if-unknown-filter: true\n"), []string{"LOAD_UNKNOWN_FILTER no.such"}},
		{"unused", "- macro: m\n  condition: evt.type = open\n- list: l\n  items: [a]\n", []string{"LOAD_UNUSED_MACRO ", "LOAD_UNUSED_LIST "}},
		{"too many types", ruleR("not evt.type = open"), []string{"LOAD_NO_EVTTYPE "}},
		{"too many types, and known", ruleR("not evt.type = open", "  warn_evttypes: false\n"), nil},
		{"compared with <NA>", strings.Replace(ruleR("ka.verb = <NA>", "  source: k8s_audit\n"), "%fd.name", "", 1), []string{"LOAD_UNSAFE_NA_CHECK "}},
		{"deprecated field", ruleR("evt.type = open and evt.dir = <"), []string{"LOAD_DEPRECATED_ITEM evt.dir"}},
		{"container.info", strings.Replace(ruleR("evt.type = open"), "%fd.name", "%container.info", 1), []string{"LOAD_DEPRECATED_ITEM container.info"}},
		{"enabled alone", ruleR("evt.type = open") + "- rule: r\n  enabled: false\n", []string{"LOAD_DEPRECATED_ITEM standalone 'enabled'"}},
		{"list of itself", "- list: l\n  items: [a, l]\n" + ruleR("evt.type = open and fd.name in (l)"), []string{"LANNER_LIST_LOOP "}},
		{"broken YAML does not hide the rest", "- macro: m\n  condition: a: b\n" + ruleR("evt.type = opn"), []string{"LOAD_ERR_YAML_PARSE ", "_CONDITION opn"}},
		{"empty condition", ruleR(`""`), []string{"_VALIDATE must be non-empty"}},
		{"list of lists", "- list: l\n  items: [[a], ~]\n", []string{"_VALIDATE sequence value is not scalar", "_VALIDATE sequence value is not scalar"}},
		{"override is a word", "- list: l\n  items: [a]\n  override: append\n", []string{"_VALIDATE override must be a mapping"}},
		{"source replaced", ruleR("evt.type = open") + "- rule: r\n  source: syscall\n  override: {source: replace}\n", []string{"_VALIDATE 'source' cannot be replaced"}},
		{"override without its key", ruleR("evt.type = open") + "- rule: r\n  override: {condition: append, desc: replace}\n",
			[]string{"_VALIDATE An append override for 'condition'", "_VALIDATE An replace override for 'desc'"}},
		{"key without its override", ruleR("evt.type = open") + "- rule: r\n  desc: e\n  tags: [a]\n  override: {desc: replace}\n", []string{"_VALIDATE Unexpected key 'tags'"}},
		{"version is a word", "- required_engine_version: seven\n", []string{"_VALIDATE Unable to parse engine version 'seven'"}},
		{"version is empty", "- required_engine_version:\n", []string{"_VALIDATE is empty"}},
		{"plugins are a word", "- required_plugin_versions: json\n", []string{"_VALIDATE must be a sequence"}},
		{"plugin is a word", "- required_plugin_versions: [json]\n", []string{"_VALIDATE must be a mapping"}},
		{"plugin without version", "- required_plugin_versions: [{name: json}]\n", []string{"_VALIDATE key 'version'"}},
		{"plugin of no version", "- required_plugin_versions: [{name: json, version: 1.x}]\n", []string{"LOAD_ERR_VALIDATE Invalid required version '1.x' for plugin 'json'"}},
		{"alternatives are a word", "- required_plugin_versions: [{name: json, version: 1.0.0, alternatives: j}]\n", []string{"_VALIDATE must be a sequence"}},
		{"the same plugin twice", "- required_plugin_versions: [{name: json, version: 1.0.0, alternatives: [{name: json, version: 1.1.0}]}]\n",
			[]string{"LOAD_ERR_VALIDATE multiple alternative"}},
		{"append to no list", "- list: l\n  items: [a]\n  override: {items: append}\n", []string{"LOAD_ERR_VALIDATE no list by that name"}},
		{"append to no macro", "- macro: m\n  condition: or fd.name = a\n  override: {condition: append}\n", []string{"LOAD_ERR_VALIDATE no macro by that name"}},
		{"append to no rule", "- rule: r\n  condition: or fd.name = a\n  override: {condition: append}\n", []string{"LOAD_ERR_VALIDATE Rule uses 'append'"}},
		{"replace in no rule", "- rule: r\n  desc: e\n  override: {desc: replace}\n", []string{"LOAD_ERR_VALIDATE 'override.<key>: replace'"}},
		{"enable no rule", "- rule: r\n  enabled: false\n", []string{"LOAD_DEPRECATED_ITEM ", "LOAD_ERR_VALIDATE Rule has 'enabled' key"}},
		{"append nothing", ruleR("evt.type = open") + "- rule: r\n  append: true\n", []string{"LOAD_DEPRECATED_ITEM ", "LOAD_ERR_VALIDATE must have exceptions or condition"}},
		{"append after a rule that was left out", ruleR("[a]") + "- rule: r\n  condition: or fd.name = a\n  override: {condition: append}\n", []string{"_VALIDATE not a scalar"}},
		{"another source", ruleR("evt.type = open") + ruleR("ka.verb = get", "  source: k8s_audit\n"), []string{"LOAD_ERR_VALIDATE different source"}},
		{"append from another source", ruleR("evt.type = open") + "- rule: r\n  source: k8s_audit\n  condition: or fd.name = a\n  override: {condition: append}\n",
			[]string{"LOAD_ERR_VALIDATE different source"}},
		{"exceptions are a word", ruleR("evt.type = open", "  exceptions: a\n"), []string{"_VALIDATE must be a sequence"}},
		{"exception is a word", ruleR("evt.type = open", "  exceptions: [a]\n"), []string{"_VALIDATE must be a mapping"}},
		{"exception without name and fields", ruleR("evt.type = open", "  exceptions: [{values: [a]}]\n"), []string{"_VALIDATE key 'name'", "_VALIDATE key 'fields'"}},
		{"exception's values are a word", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], values: a}]\n"), []string{"_VALIDATE must be a sequence"}},
		{"exception's fields are a mapping", ruleR("evt.type = open", "  exceptions: [{name: e, fields: {a: b}}]\n"), []string{"_VALIDATE must be a text or a list"}},
		{"exception's empty value", ruleR("evt.type = open", "  exceptions: [{name: e, fields: fd.name, values: ['']}]\n"), []string{"_VALIDATE must be non-empty"}},
		{"exception's unknown key", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], value: a}]\n"), []string{"LOAD_UNKNOWN_KEY 'value'"}},
		{"fewer operators than fields", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name, proc.name], comps: [=]}]\n"), []string{"LOAD_ERR_VALIDATE comps lists must have equal length"}},
		{"one field, operators in a list", ruleR("evt.type = open", "  exceptions: [{name: e, fields: fd.name, comps: [in]}]\n"), []string{"LOAD_ERR_VALIDATE must both be strings"}},
		{"one field, another operator", ruleR("evt.type = open", "  exceptions: [{name: e, fields: fd.name, comps: =}]\n"), []string{"LOAD_ERR_VALIDATE comps must be one of"}},
		{"one field, values in lists", ruleR("evt.type = open", "  exceptions: [{name: e, fields: fd.name, values: [[a]]}]\n"), []string{"LOAD_ERR_VALIDATE list of strings"}},
		{"lists in a list of values", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], comps: [in], values: [[[a, [b]]]]}]\n"), []string{"_VALIDATE nested too deeply"}},
		{"unknown exception without fields", ruleR("evt.type = open") + "- rule: r\n  exceptions: [{name: e, values: [[a]]}]\n  override: {exceptions: append}\n",
			[]string{"LOAD_ERR_VALIDATE must have fields property"}},
		{"unknown exception without values", ruleR("evt.type = open") + "- rule: r\n  exceptions: [{name: e, fields: [fd.name]}]\n  override: {exceptions: append}\n",
			[]string{"LOAD_APPEND_NO_VALUES ", "LOAD_ERR_VALIDATE must have values property"}},
		{"exception's operators appended", ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name]}]\n") +
			"- rule: r\n  exceptions: [{name: e, comps: [=], values: [[a]]}]\n  override: {exceptions: append}\n", []string{"LOAD_ERR_VALIDATE append exception comps"}},
		{"names of several words", "- macro: a-b\n  condition: evt.type = open\n- list: a b\n  items: [x]\n",
			[]string{"LOAD_INVALID_MACRO_NAME ", "LOAD_INVALID_LIST_NAME ", "LOAD_UNUSED_MACRO ", "LOAD_UNUSED_LIST "}},
		{"unknown field in the output, skipped", strings.Replace(ruleR("evt.type = open", "  skip-if-unknown-filter: true\n"), "%fd.name", "%no.such", 1), []string{"LOAD_UNKNOWN_FILTER no.such"}},
		{"deprecated field in the output", strings.Replace(ruleR("evt.type = open"), "%fd.name", "%evt.dir", 1), []string{"LOAD_DEPRECATED_ITEM field 'evt.dir' has been detected in the rule output"}},
		{"capture as a text", ruleR("evt.type = open", "  capture: \"yes\"\n"), []string{"LANNER_VALUE_TYPE 'capture'"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, diags := load(test.yaml)
			var got []string
			for _, d := range diags {
				got = append(got, fmt.Sprintf("%s %s", d.Code, d.Summary))
			}
			for _, want := range test.want {
				code, text, _ := strings.Cut(want, " ")
				i := slices.IndexFunc(got, func(g string) bool {
					c, s, _ := strings.Cut(g, " ")
					return strings.HasSuffix(c, code) && strings.Contains(s, text)
				})
				if i < 0 {
					t.Fatalf("no %q in\n%s", want, render(diags))
				}
				got = slices.Delete(got, i, i+1)
			}
			if len(got) > 0 {
				t.Errorf("also reported: %q", got)
			}
		})
	}
}

func TestMergedKeys(t *testing.T) {
	set, diags := load(ruleR("evt.type = open", "  tags: [a, b]\n"), `
- rule: r
  tags: [b, c]
  desc: more
  output: and %proc.name
  priority: critical
  enabled: false
  capture: yes
  capture_duration: 500
  override: {tags: append, desc: append, output: append, priority: replace, enabled: replace, capture: replace, capture_duration: replace}
`)
	r := set.Find("r")
	if diags.HasErrors() || r == nil {
		t.Fatal(render(diags))
	}
	got := fmt.Sprintln(r.Tags, r.Desc, r.OutputText, r.Priority, r.Enabled, r.Capture, r.CaptureDuration, r.File, r.Line)
	if want := "[a b c] d more o %fd.name and %proc.name Critical false true 500 a.yaml 1\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReplacedKeys(t *testing.T) {
	set, diags := load("- macro: m\n  condition: evt.type = open\n- macro: m\n  condition: and fd.name = a\n  override: {condition: append}\n"+
		ruleR("evt.type = close", "  tags: [a]\n  warn_evttypes: true\n"), `
- rule: r
  tags: [b]
  desc: new
  output: other
  condition: m
  warn_evttypes: false
  skip-if-unknown-filter: true
  override: {tags: replace, desc: replace, output: replace, condition: replace, warn_evttypes: replace, skip-if-unknown-filter: replace}
`)
	r := set.Find("r")
	if len(diags) > 0 || r == nil {
		t.Fatal(render(diags))
	}
	got := fmt.Sprintln(r.Tags, r.Desc, r.OutputText, r.ConditionText, filter.Print(r.Expr))
	if want := "[b] new other m (evt.type = open and fd.name = a)\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExpand(t *testing.T) {
	parse := func(text string) filter.Node {
		n, err := filter.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	macros := map[string]filter.Node{"a": parse("b or x.y = 1"), "b": parse("not x.z exists")}
	n := parse("a and (b or none) and a and x.y = 2")
	expanded, known, unknown := rules.Expand(n, macros)
	if got, want := filter.Print(expanded), "((not x.z exists or x.y = 1) and (not x.z exists or none) and (not x.z exists or x.y = 1) and x.y = 2)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := fmt.Sprint(known, unknown); got != "[a b] [none]" {
		t.Errorf("names %s", got)
	}
	if got := filter.Print(n); !strings.Contains(got, "(b or none)") {
		t.Errorf("the condition has changed: %s", got)
	}
}

func TestOrderIsOfFirstDefinition(t *testing.T) {
	set, _ := load(ruleR("evt.type = open")+strings.ReplaceAll(ruleR("evt.type = open"), "rule: r", "rule: s"), ruleR("evt.type = close"))
	var names []string
	for _, r := range set.Rules {
		names = append(names, r.Name)
	}
	if got := strings.Join(names, " "); got != "r s" {
		t.Errorf("order %s", got)
	}
}

func TestRequiredVersionIsTheHighest(t *testing.T) {
	set, diags := load("- required_engine_version: 10\n- required_engine_version: 0.31.0\n- required_engine_version: 0.20.5\n")
	if len(diags) > 0 || set.Required.String() != "0.31.0" {
		t.Errorf("required %v\n%s", set.Required, render(diags))
	}
}

func TestMinimumPriorityAndSelection(t *testing.T) {
	yaml := ruleR("evt.type = open", "  tags: [x]\n") +
		"- {rule: urgent, desc: d, output: o, priority: ALERT, condition: evt.type = open, tags: [x]}\n" +
		"- {rule: off, desc: d, output: o, priority: ALERT, condition: evt.type = open, enabled: false}\n"
	for _, test := range []struct {
		name string
		cfg  rules.Config
		want string
	}{
		{"as the files say", rules.Config{}, "r urgent"},
		{"minimum", rules.Config{MinPriority: rules.Warning}, "urgent"},
		{"tag off, name on", rules.Config{Selection: rules.Selection{{Match: rules.ByTag, Pattern: "x"}, {Enable: true, Pattern: "u*"}}}, "urgent"},
		{"off rule on", rules.Config{Selection: rules.Selection{{Enable: true, Match: rules.ByName, Pattern: "off"}}}, "r urgent off"},
		{"substring", rules.Config{Selection: rules.Selection{{Match: rules.BySubstring, Pattern: "rge"}}}, "r"},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, _ := loadWith(test.cfg, yaml)
			var on []string
			for _, r := range set.Ruleset("syscall").Rules {
				on = append(on, r.Name)
			}
			if got := strings.Join(on, " "); got != test.want {
				t.Errorf("enabled %q, want %q", got, test.want)
			}
		})
	}
}

// TestBounds wants an error, quickly and without much memory, for input that
// was made to hurt.
func TestBounds(t *testing.T) {
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + "a" + strings.Repeat(end, n) }
	bomb := func() string {
		var b strings.Builder
		b.WriteString("- &a0 [x, x, x, x, x, x, x, x, x, x]\n")
		for i := 1; i < 12; i++ {
			fmt.Fprintf(&b, "- &a%d [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
		}
		return b.String() + ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], values: *a11}]\n")
	}
	wide := func() string {
		list := "[" + strings.TrimSuffix(strings.Repeat("x,", 3000), ",") + "]"
		aliases := func(name string) string {
			return "[" + strings.TrimSuffix(strings.Repeat("*"+name+",", 3000), ",") + "]"
		}
		return "- &a " + list + "\n- &b " + aliases("a") + "\n" + ruleR("evt.type = open", "  exceptions: [{name: e, fields: [fd.name], values: "+aliases("b")+"}]\n")
	}
	macros := func() string {
		var b strings.Builder
		b.WriteString("- macro: m0\n  condition: evt.type = open\n")
		for i := 1; i < 64; i++ {
			fmt.Fprintf(&b, "- macro: m%d\n  condition: m%d or m%d\n", i, i-1, i-1)
		}
		return b.String() + ruleR("m63")
	}
	chain := func() string {
		var b strings.Builder
		b.WriteString("- macro: m0\n  condition: evt.type = open\n")
		for i := 1; i < 2000; i++ {
			fmt.Fprintf(&b, "- macro: m%d\n  condition: not m%d\n", i, i-1)
		}
		return b.String() + ruleR("m1999")
	}
	crowd := func() string {
		var b strings.Builder
		b.WriteString("- list: l\n  items: [" + strings.TrimSuffix(strings.Repeat("abcdefgh,", 50_000), ",") + "]\n- macro: m\n  condition: fd.name in (l)\n")
		for i := range 1000 {
			fmt.Fprintf(&b, "- {rule: r%d, desc: d, output: o, priority: INFO, condition: evt.type = open and m}\n", i)
		}
		return b.String()
	}
	lists := func() string {
		var b strings.Builder
		b.WriteString("- list: l0\n  items: [a, b]\n")
		for i := 1; i < 64; i++ {
			fmt.Fprintf(&b, "- list: l%d\n  items: [l%d, l%d]\n", i, i-1, i-1)
		}
		return b.String() + ruleR("fd.name in (l63)")
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"deep flow sequences", nest("[", "]", 100_000), "depth"},
		{"deep mappings", "- rule: " + nest("{a: ", "}", 50_000), "depth"},
		{"aliases of aliases", bomb(), "nested too deeply"},
		{"wide aliases", wide(), "aliases make the file too large"},
		{"macros of macros", macros(), "expands to more than"},
		{"a chain of macros", chain(), "expands to more than"},
		{"lists of lists", lists(), "more than"},
		{"a large list in many rules", crowd(), "more room than is allowed"},
		{"deep parentheses", ruleR(nest("(", ")", 100_000)), "depth"},
		{"too large", strings.Repeat("# comment\n", rules.MaxFileSize/10+1), "more than the"},
		{"not UTF-8", "- rule: \xff\n", "not UTF-8"},
		{"UTF-16", "\xff\xfe-\x00", "UTF-16"},
		{"control character", "- rule: \x01\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, diags := load(test.yaml)
			if !diags.HasErrors() {
				t.Fatal("no error")
			}
			for _, d := range diags.Errors() {
				if strings.Contains(d.Summary+d.Detail, test.want) {
					return
				}
			}
			t.Errorf("no %q among %d errors, first %s", test.want, len(diags.Errors()), &diags.Errors()[0])
		})
	}
}

func TestExtraOutput(t *testing.T) {
	yaml := ruleR("evt.type = open", "  tags: [a, b]\n") + strings.ReplaceAll(ruleR("evt.type = open"), "rule: r", "rule: s")
	set, diags := loadWith(rules.Config{ExtraOutput: []rules.ExtraOutput{
		{Format: "all"},
		{Scope: rules.Scope{Rule: "s"}, Format: "of s"},
		{Scope: rules.Scope{Tags: []string{"a", "b"}}, Format: "both tags"},
		{Scope: rules.Scope{Tags: []string{"a", "c"}}, Format: "other tags"},
		{Scope: rules.Scope{Source: "k8s_audit"}, Format: "other source"},
	}}, yaml)
	if got, want := set.Find("r").OutputText, "o %fd.name all both tags"; got != want || diags.HasErrors() {
		t.Errorf("output of r is %q, want %q", got, want)
	}
	if got, want := set.Find("s").OutputText, "o %fd.name all of s"; got != want {
		t.Errorf("output of s is %q, want %q", got, want)
	}
	_, diags = loadWith(rules.Config{ExtraFields: []rules.ExtraField{
		{Key: "bad", Format: "%no.such"}, {Key: "worse", Format: "no.other", Raw: true},
	}}, ruleR("evt.type = open"))
	if n := len(diags.Errors()); n != 2 {
		t.Errorf("%d errors, want one for each extra field:\n%s", n, render(diags))
	}
}

func TestDescribe(t *testing.T) {
	set, _ := load("- required_engine_version: 31\n- list: k\n  items: [x]\n- list: l\n  items: [a, k]\n- macro: m\n  condition: evt.type = open and fd.name in (l)\n" +
		ruleR("m and not proc.name exists", "  tags: [t]\n") +
		strings.ReplaceAll(ruleR("fd.name in (k) and tolower(proc.name) != c"), "rule: r", "rule: s"))
	text, err := json.Marshal(set.Describe())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"required_engine_version":"0.31.0"`, `"condition_compiled":"((evt.type = open and fd.name in (a, x)) and not proc.name exists)"`,
		`"condition_operators":["=","exists","in"]`, `"condition_fields":["evt.type","fd.name","proc.name"]`, `"macros":["m"]`, `"events":["open"]`,
		`"condition_transformers":["tolower"]`, `"output_fields":["fd.name"]`, `"items":["a","k"]`, `"items_compiled":["a","x"]`, `"lists":["k"]`, `"events":[]`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestMatchWildcard(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "ab", false},
		{"*", "", true}, {"**", "any", true}, {"a*", "abc", true}, {"*c", "abc", true},
		{"a*c", "abc", true}, {"a*c", "abcd", false}, {"*b*", "abc", true}, {"a*a", "a", false},
		{"a*b*c", "a b c", true}, {"a*b*c", "acb", false},
	} {
		choice := rules.Choice{Match: rules.ByWildcard, Pattern: test.pattern}
		if got := choice.Finds(test.text, nil); got != test.want {
			t.Errorf("%q on %q: %v", test.pattern, test.text, got)
		}
	}
}

func TestPluginRequirements(t *testing.T) {
	yaml := "- required_plugin_versions:\n  - {name: json, version: 0.7.0, alternatives: [{name: json2, version: 1.2.0}]}\n"
	for _, test := range []struct {
		have []rules.Plugin
		ok   bool
	}{
		{nil, true}, // nothing to check with
		{[]rules.Plugin{}, false},
		{[]rules.Plugin{{"json", rules.Version{0, 8, 0}}}, true},
		{[]rules.Plugin{{"json", rules.Version{0, 6, 9}}}, false},
		{[]rules.Plugin{{"json", rules.Version{1, 0, 0}}}, false},
		{[]rules.Plugin{{"json2", rules.Version{1, 2, 3}}}, true},
	} {
		_, diags := loadWith(rules.Config{Plugins: test.have}, yaml)
		if got := len(diags) == 0; got != test.ok {
			t.Errorf("%v: satisfied %v\n%s", test.have, got, render(diags))
		}
		if diags.HasErrors() {
			t.Error("a missing plugin is an error")
		}
	}
}

func TestManyProblems(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "- rule: r%d\n  desc: d\n  condition: no.such%d = 1\n  output: o\n  priority: INFO\n  typo: x\n", i, i)
	}
	_, diags := load(b.String())
	if len(diags) != 2002 || !diags.HasErrors() {
		t.Errorf("%d diagnostics", len(diags))
	}
	if last := diags[len(diags)-1].Summary; !strings.HasPrefix(last, "2000 more") {
		t.Errorf("last is %q", last)
	}
}
