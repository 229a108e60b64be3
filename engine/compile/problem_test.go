package compile_test

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/internal/fake"
)

// problemsOf compiles a text that parses.
func problemsOf(t *testing.T, source *fake.Source, text string) (*compile.Condition, []compile.Problem) {
	t.Helper()
	return compile.NewPlan(source).Condition(parse(t, text))
}

// TestErrors pins message, remedy and place; ^ marks where the place begins.
func TestErrors(t *testing.T) {
	for _, tc := range []struct{ text, message, remedy string }{
		{"^proc.nam = x", "filter_check called with nonexistent field proc.nam", "proc.name"},
		{"toupper(^proc.nope) = x", "nonexistent field proc.nope", ""},
		{"^evt.arg = x", "field 'evt.arg' requires an argument", "write evt.arg[…]"},
		{"^proc.name[1] = x", "field 'proc.name' does not take an argument", "without brackets"},
		{"^evt.arg.flags[1] = x", "does not take an argument", ""},
		{"^proc.aname[x] = y", "filter error: field 'proc.aname': the argument is not a number", ""},
		{"^evt.gone = x", "has no value anywhere", ""},
		{"^evt.time = x", "can be used in outputs only", ""},
		{"toupper(^proc.aname) = X", "field 'proc.aname' does not support transformers", ""},
		{"proc.name = val(^proc.aname)", "field 'proc.aname' can't be used as right-hand side field", "put it on the left"},
		{"^fd.ip = val(fd.sip)", "can be compared with constants only", ""},
		{"proc.name regex ^val(fd.name)", "'regex' operator takes constants only", ""},
		{"proc.name pmatch ^val(fd.name)", "'pmatch' operator takes constants only", ""},
		{"proc.name = ^val(proc.pid)", "proc.name is a charbuf, val(proc.pid) is a pid", ""},
		{"proc.name = ^val(proc.args)", "val(proc.args) is a list of charbuf", ""},
		{"proc.name = val(^proc.nope)", "nonexistent field proc.nope", ""},
		{"^concat((proc.name, \"x\"), \"y\") = x", "takes no list", ""},
		{"join(\",\", (proc.name, ^getopt(proc.args, \"t\"))) = x", "a list cannot hold a list", ""},
		{"join(\",\", (proc.name, ^proc.nope)) = x", "nonexistent field", ""},
		{"proc.pid ^contains 4", "'contains' operator not supported for numeric filters", ""},
		{"proc.args ^= x", "'=' operator not supported for list filters", ""},
		{"evt.failed ^glob x", "'glob' operator not supported for boolean filters", ""},
		{"proc.pid = ^x", "x is not a valid number", ""},
		{"evt.buffer bcontains ^1", "not a sequence of hexadecimal", ""},
		{"proc.name regex ^'('", "invalid regular expression", ""},
		{"fd.sport = ^no-such-service", "unrecognized protocol no-such-service", ""},
		{"fd.sip in (1.1.1.1, ^x)", "unrecognized IPv6 address x", ""},
		{"evt.type = ^opne", "unknown event type opne", "open"},
		{"evt.type glob ^open*", "unknown event type open*", ""},
		{"^toupper(evt.type) = open", "the event type can be compared with constants only", ""},
		{"^evt.type = val(proc.name)", "the event type can be compared with constants only", ""},
		{"proc.name = nginx and ^a_macro", "undefined macro 'a_macro' used in filter", ""},
		{"^toupper(proc.pid) = x", "does not support field type 'pid'", ""},
	} {
		place := strings.Index(tc.text, "^")
		cond, problems := problemsOf(t, fake.Standard(), strings.Replace(tc.text, "^", "", 1))
		if cond != nil || len(problems) != 1 {
			t.Errorf("%s: condition %v, %d problems", tc.text, cond != nil, len(problems))
			continue
		}
		p := problems[0]
		if !strings.Contains(p.Message, tc.message) || !strings.Contains(p.Remedy+p.Suggest, tc.remedy) || p.At.Start != place {
			t.Errorf("%s:\n%s (%s) at %d", tc.text, p.Message, p.Remedy+p.Suggest, p.At.Start)
		}
	}
}

// TestErrorsOfTrees are those that no text leads to, but a tree may.
func TestErrorsOfTrees(t *testing.T) {
	name, value := &filter.Field{Name: "proc.name"}, &filter.Value{Text: "x"}
	for want, node := range map[string]filter.Node{
		"unrecognized filter comparison operator '~'": &filter.Compare{Left: name, Op: "~", Right: value},
		"'someof' is not an operator modifier":        &filter.Compare{Left: name, Op: "=", Modifier: "someof", Right: value},
		"takes one constant":                          &filter.Compare{Left: name, Op: "=", Right: &filter.List{}},
		"expected a constant, a list":                 &filter.Compare{Left: name, Op: "=", Right: &filter.TransformerList{}},
		"expected a field or a transformer":           &filter.Compare{Left: value, Op: "=", Right: value},
		"unknown transformer 'rot13'":                 &filter.Exists{Left: &filter.Transformer{Name: "rot13", Args: []filter.Operand{name}}, Op: "exists"},
		"on the right-hand side":                      &filter.Exists{Left: &filter.Transformer{Name: "val", Args: []filter.Operand{name}}, Op: "exists"},
		"cannot be an argument":                       &filter.Exists{Left: &filter.Transformer{Name: "len", Args: []filter.Operand{&filter.List{}}}, Op: "exists"},
	} {
		cond, problems := compile.NewPlan(fake.Standard()).Condition(&filter.Not{Child: node})
		if cond != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, want) {
			t.Errorf("%v, want %q", problems, want)
		}
	}
}

// TestErrorsAreAllReported: one run tells everything.
func TestErrorsAreAllReported(t *testing.T) {
	text := "proc.nope = x or (proc.pid in (a, 1, b) and not evt.type = opn)"
	_, problems := problemsOf(t, fake.Standard(), text)
	if len(problems) != 4 {
		t.Fatalf("%d problems: %v", len(problems), problems)
	}
	for i, want := range []struct {
		unknown bool
		at      string
	}{{true, "proc.nope"}, {false, "a"}, {false, "b"}, {true, "opn"}} {
		p := problems[i]
		if p.Unknown != want.unknown || text[p.At.Start:p.At.End] != want.at || p.Node == nil || p.Code != diag.CompileCondition {
			t.Errorf("%+v", p)
		}
	}
}

func TestWarnings(t *testing.T) {
	source := fake.Standard(
		field.Definition{Name: "ka.verb", Type: field.Charbuf},
		field.Definition{Name: "evt.dir", Type: field.Charbuf, Flags: field.Deprecated},
		field.Definition{Name: "evt.none", Type: field.Charbuf, Missing: "nothing reads it"},
	)
	for text, want := range map[string]diag.Code{
		"proc.name = nginx":                 "",
		"proc.name = <NA>":                  "",
		"proc.name = proc.pname":            diag.ConditionWarning,
		"proc.name in (a, evt.arg.x)":       diag.ConditionWarning,
		"proc.name = proc.nope":             "",
		"proc.name = 'tolower(proc.pname)'": diag.ConditionWarning,
		"proc.name = 'tolow(proc.pname)'":   "",
		"proc.name = tolower(proc.pname)":   "",
		"proc.name regex .*nginx":           diag.ConditionWarning,
		"proc.name regex 'ng[i]nx'":         "",
		"evt.old = x":                       diag.DeprecatedItem,
		"evt.dir = <":                       diag.DeprecatedItem,
		"ka.verb = <NA>":                    diag.UnsafeNACheck,
		"not ka.verb in (get, <NA>)":        diag.UnsafeNACheck,
		"tolower(ka.verb) = <NA>":           diag.UnsafeNACheck,
		"ka.verb exists":                    "",
		"evt.none = x":                      diag.FieldNoValue,
	} {
		cond, problems := problemsOf(t, source, text)
		if cond == nil {
			t.Errorf("%s: %v", text, problems)
			continue
		}
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%s: %v", text, &problems[0])
		case want != "" && (len(problems) != 1 || problems[0].Code != want || !problems[0].Warning || problems[0].Node == nil):
			t.Errorf("%s: %+v, want %s", text, problems, want)
		}
	}
}

func TestValue(t *testing.T) {
	plan := compile.NewPlan(fake.Standard())
	for _, name := range []string{"proc.name", "proc.aname[2]", "evt.arg.flags", "toupper(proc.name)", "evt.time"} {
		if ref, err := plan.Value(name); err != nil || ref.Name() != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"proc.nope":   "nonexistent field",
		"fd.ip":       "conditions only",
		"proc":        "expected a field",
		"proc.name x": "unexpected text",
	} {
		if _, err := plan.Value(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
