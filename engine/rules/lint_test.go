package rules_test

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/rules"
)

func TestLint(t *testing.T) {
	more := func(name, condition string, lines ...string) string {
		return strings.Replace(ruleR(condition, lines...), "rule: r\n", "rule: "+name+"\n", 1)
	}
	exception := func(fields, values string) string {
		return "  exceptions:\n  - {name: e, fields: " + fields + ", values: " + values + "}\n"
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"nothing to say", ruleR("evt.type = open and fd.name = a") + more("s", "evt.type = open and fd.name = b"), ""},
		{"two types", ruleR("evt.type = open and evt.type = close"), "'evt.type = close' is never true together"},
		{"no event type", ruleR("evt.type = open and not evt.type in (open, close)"), "true for no event type"},
		{"two values", ruleR("evt.type = open and proc.name = a and fd.name = x and proc.name = b"), "'proc.name = b' is never true together with 'proc.name = a'"},
		{"two sets", ruleR("evt.type = open and proc.name in (a, b) and (fd.name = x and proc.name in (c, d))"), "never true together"},
		{"sets that overlap", ruleR("evt.type = open and proc.name in (a, b) and proc.name in (b, c)"), ""},
		{"one branch of two", ruleR("evt.type = open and (fd.name = x or (proc.name = a and proc.name = b))"), "never true together"},
		{"two branches", ruleR("evt.type = open and (proc.name = a or proc.name = b)"), ""},
		{"other operators", ruleR("evt.type = open and proc.name startswith a and proc.name startswith b and proc.name != c"), ""},
		{"other arguments", ruleR("evt.type = open and proc.aname[1] = a and proc.aname[2] = b"), ""},
		{"by a macro", "- macro: m\n  condition: proc.name = a\n" + ruleR("evt.type = open and m and proc.name = b"), "never true together"},
		{"said once", ruleR("evt.type = open and fd.name = a and fd.name = b and fd.name = c"), "'fd.name = b' is never"},
		{"shadowed", ruleR("evt.type = open and fd.name = a") + more("s", "fd.name = a and proc.name = x and evt.type = open"), "rule 'r' matches every event"},
		{"the same rule twice", ruleR("evt.type = open") + more("s", "evt.type = open"), "rule 'r' matches every event"},
		{"asks for less, later", ruleR("evt.type = open and fd.name = a") + more("s", "evt.type = open"), ""},
		{"typed rules do not go first", ruleR("fd.name = a", "  warn_evttypes: false\n") + more("s", "evt.type = open and fd.name = a"), "rule 'r' matches every event"},
		{"rules that are off shadow nothing", ruleR("evt.type = open", "  enabled: false\n") + more("s", "evt.type = open"), ""},
		{"weak exception", ruleR("evt.type = open", exception("[proc.name, proc.pname]", "[[a, b]]")), "can choose to be excepted"},
		{"weak exception of one field", ruleR("evt.type = open", exception("proc.cmdline", "[a]")), "can choose to be excepted"},
		{"weak exception under a transformer", ruleR("evt.type = open", exception("[tolower(proc.name)]", "[[a]]")), "can choose to be excepted"},
		{"one strong field is enough", ruleR("evt.type = open", exception("[proc.name, proc.exepath]", "[[a, b]]")), ""},
		{"nothing is excepted", ruleR("evt.type = open", exception("[proc.name]", "[]")), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, diags := load(test.yaml); strings.Contains(render(diags), "LANNER_") {
				t.Errorf("reported without being asked:\n%s", render(diags))
			}
			_, diags := loadWith(rules.Config{Lint: true}, test.yaml)
			got := 0
			for _, d := range diags {
				if strings.Contains(d.Summary, test.want) && strings.HasPrefix(string(d.Code), "LANNER_") {
					got++
				}
			}
			want := 1
			if test.want == "" {
				want = 0
			}
			if got != want || len(diags.Warnings()) > 1 || diags.HasErrors() {
				t.Errorf("%d with %q, want %d:\n%s", got, test.want, want, render(diags))
			}
		})
	}
}
