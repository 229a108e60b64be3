package output_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/output"
)

// sample has no proc.pname.
func sample() fake.Values {
	return fake.Values{
		"proc.name":      event.Text("init"),
		"proc.pid":       event.Int(1),
		"proc.uid":       event.Uint(0xfe).InHex(),
		"proc.load":      event.Float(math.NaN()),
		"proc.aname":     fake.Texts("bash", "init"),
		"proc.aname[2]":  event.Text("init"),
		"proc.args":      fake.Texts("-a", "b c"),
		"evt.arg[path]":  event.Text("/test/dir"),
		"evt.failed":     event.Bool(true),
		"fd.sip":         event.IPv4(0x7f000001),
		"fd.name":        event.Text("a\"b\n"),
		"evt.arg[empty]": event.Text(""),
	}
}

func compileFormat(t testing.TB, source *fake.Source, template string) (*output.Format, *compile.Context) {
	t.Helper()
	plan := compile.NewPlan(source)
	format, problems := output.Compile(template, plan)
	if format == nil {
		t.Fatalf("%q: %v", template, &problems[0])
	}
	ctx := plan.NewContext()
	ctx.Begin(source.Event("open", sample()))
	return format, ctx
}

func TestAppend(t *testing.T) {
	for template, want := range map[string]string{
		"plain":                                  "plain",
		"%proc.name":                             "init",
		"a %proc.name b":                         "a init b",
		"pid=%proc.pid.":                         "pid=1.",
		"%proc.name%proc.pid":                    "init1",
		"%proc.nameandmore":                      "initandmore",
		"100%% %proc.name":                       "100% init",
		"%evt.arg.path!":                         "/test/dir!",
		"%evt.arg[path]":                         "/test/dir",
		"%proc.aname[2][x]":                      "init[x]",
		"%proc.aname":                            "bash init",
		"%proc.aname[2":                          "bash init[2",
		"%proc.args":                             "(-a,b c)",
		"%2proc.name|":                           "in|",
		"%8proc.name|":                           "init    |",
		"%100evt.arg.empty|":                     strings.Repeat(" ", 100) + "|",
		"%toupper(proc.name)":                    "INIT",
		"%toupper( tolower( proc.name ) )":       "INIT",
		"%6toupper(proc.name)|":                  "INIT  |",
		`%join("->", (proc.name, evt.arg.path))`: "init->/test/dir",
		`%join("", (proc.name, proc.pid))`:       "init1",
		"*%proc.pname|%proc.name":                "<NA>|init",
		"*%6proc.pname|":                         "<NA>  |",
		"%fd.sip":                                "127.0.0.1",
		"%proc.uid":                              "FE",
		"%evt.failed":                            "true",
	} {
		format, ctx := compileFormat(t, fake.Standard(), template)
		if got, ok := format.Append(ctx, nil); string(got) != want || !ok {
			t.Errorf("%q: %q %v, want %q", template, got, ok, want)
		}
	}
}

func TestAppendStopsAtMissingValue(t *testing.T) {
	format, ctx := compileFormat(t, fake.Standard(), "a %proc.pname b")
	if got, ok := format.Append(ctx, []byte("> ")); ok || string(got) != "> a " {
		t.Errorf("%q %v", got, ok)
	}
}

func TestFields(t *testing.T) {
	for template, want := range map[string][]string{
		"none":                             nil,
		"%proc.name %proc.pid %proc.name":  {"proc.name", "proc.pid"},
		"%toupper(proc.name)":              {"proc.name", "toupper(proc.name)"},
		"%tolower(toupper(evt.arg[path]))": {"evt.arg[path]", "tolower(toupper(evt.arg[path]))"},
		"%concat(toupper(proc.name), evt.arg.path)": {
			"proc.name", "toupper(proc.name)", "evt.arg.path", "concat(toupper(proc.name),evt.arg.path)"},
		`%join("->", (toupper(proc.name), tolower(evt.arg.path)))`: {
			"proc.name", "toupper(proc.name)", "evt.arg.path", "join(->,(toupper(proc.name),tolower(evt.arg.path)))"},
	} {
		format, _ := compileFormat(t, fake.Standard(), template)
		var names []string
		for _, f := range format.Fields() {
			names = append(names, f.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("%q: %q, want %q", template, names, want)
		}
	}
}

func TestAppendJSON(t *testing.T) {
	for template, want := range map[string]string{
		"none":                     `null`,
		"%proc.name %proc.pid":     `{"proc.name":"init","proc.pid":1}`,
		"%toupper(proc.name)":      `{"proc.name":"init","toupper(proc.name)":"INIT"}`,
		"%proc.uid %proc.load":     `{"proc.load":null,"proc.uid":254}`,
		"*%proc.pname %evt.failed": `{"evt.failed":true,"proc.pname":null}`,
		"%proc.args":               `{"proc.args":["-a","b c"]}`,
		"%fd.name %fd.sip":         `{"fd.name":"a\"b\n","fd.sip":"127.0.0.1"}`,
	} {
		format, ctx := compileFormat(t, fake.Standard(), template)
		if got, ok := format.AppendJSON(ctx, nil, output.JSONOptions{Derived: true}); string(got) != want || !ok {
			t.Errorf("%q: %s %v, want %s", template, got, ok, want)
		}
	}
	format, ctx := compileFormat(t, fake.Standard(), "%proc.name %proc.pname %toupper(proc.name)")
	if got, ok := format.AppendJSON(ctx, nil, output.JSONOptions{}); ok || string(got) != `{"proc.name":"init"}` {
		t.Errorf("stopped at a missing value: %s %v", got, ok)
	}
}

func TestCompileErrors(t *testing.T) {
	for template, want := range map[string]struct {
		message string
		start   int
	}{
		"":                          {"empty output", 0},
		"a %":                       {"expected a field or a transformer", 3},
		"a % b":                     {"expected a field or a transformer", 3},
		"a %a b":                    {"invalid formatting token a", 3},
		"a %no.field b":             {"nonexistent field no.field", 3},
		"a %toupper(no.field) b":    {"nonexistent field no.field", 11},
		"%toupper (proc.name)":      {"invalid formatting token toupper", 1},
		"%toupper(proc.name":        {"expected a ')'", 18},
		"%val(proc.name)":           {"invalid formatting token val", 1},
		"%toupper(proc.pid)":        {"does not support field type 'pid'", 1},
		"%toupper(proc.aname)":      {"does not support transformers", 9},
		"%fd.ip":                    {"conditions only", 1},
		"%evt.arg":                  {"requires an argument", 1},
		"%proc.name %99999proc.pid": {"width", 12},
	} {
		format, problems := output.Compile(template, compile.NewPlan(fake.Standard()))
		if format != nil || len(problems) != 1 {
			t.Errorf("%q: %v, %d problems", template, format, len(problems))
			continue
		}
		if p := problems[0]; !strings.Contains(p.Message, want.message) || p.At.Start != want.start {
			t.Errorf("%q: %q at %d, want %q at %d", template, p.Message, p.At.Start, want.message, want.start)
		}
	}
}

func TestCompileReportsAll(t *testing.T) {
	_, problems := output.Compile("%no.field %proc.name %fd.ip", compile.NewPlan(fake.Standard()))
	if len(problems) != 2 {
		t.Errorf("%d problems, want 2: %v", len(problems), problems)
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	source := fake.Standard()
	plan := compile.NewPlan(source)
	format, _ := output.Compile(`*x %proc.name %9proc.pid %toupper(proc.name) %proc.aname %concat(proc.name, evt.arg.path) %fd.sip`, plan)
	ctx, ev, buffer := plan.NewContext(), source.Event("open", sample()), make([]byte, 0, 256)
	n := testing.AllocsPerRun(100, func() {
		ev.Scratch.Reset()
		ctx.Begin(ev)
		buffer, _ = format.Append(ctx, buffer[:0])
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"*%proc.name %2toupper(proc.name)", "%%%", `%join("->", (proc.name, evt.arg.path))`, "%proc.aname[0]x", "%99999999999proc.pid", "%evt.arg[",
	} {
		f.Add(seed)
	}
	source := fake.Standard()
	ev := source.Event("open", sample())
	f.Fuzz(func(t *testing.T, template string) {
		plan := compile.NewPlan(source)
		format, problems := output.Compile(template, plan)
		if format == nil {
			if len(problems) == 0 {
				t.Fatal("refused without a reason")
			}
			return
		}
		ctx := plan.NewContext()
		ev.Scratch.Reset()
		ctx.Begin(ev)
		text, ok := format.Append(ctx, nil)
		if again, okAgain := format.Append(ctx, nil); string(text) != string(again) || ok != okAgain {
			t.Errorf("%q: %q, then %q", template, text, again)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	source := fake.Standard()
	plan := compile.NewPlan(source)
	format, _ := output.Compile("File opened (user=%proc.uid command=%proc.name file=%evt.arg.path parent=%proc.aname pid=%proc.pid)", plan)
	if format == nil {
		b.Fatal("no format")
	}
	ctx, ev, buffer := plan.NewContext(), source.Event("open", sample()), make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		ctx.Begin(ev)
		buffer, _ = format.Append(ctx, buffer[:0])
	}
}
