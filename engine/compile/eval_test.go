package compile_test

import (
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/internal/fake"
)

func ip(a, b, c, d byte) event.Value { return event.IPBytes(string([]byte{a, b, c, d})) }

// sample is the event that the tests evaluate on. fd.num and proc.pname are missing.
func sample() fake.Values {
	return fake.Values{
		"proc.name":      event.Text("nginx"),
		"proc.pid":       event.Int(42),
		"proc.uid":       event.Uint(1000),
		"proc.args":      fake.Texts("-t", "hello", "-n"),
		"proc.more":      fake.Texts("-n", "x", "-t", "hello"),
		"proc.pattern":   event.Text("ng*"),
		"proc.ppid":      event.Int(43),
		"proc.load":      event.Float(2),
		"proc.aname":     fake.Texts("bash", "sshd", "init"),
		"proc.aname[1]":  event.Text("bash"),
		"fd.name":        event.Text("/etc/Shadow"),
		"fd.sip":         ip(10, 0, 0, 1),
		"fd.snet":        ip(10, 0, 0, 1),
		"fd.sport":       event.Uint(443),
		"fd.ip":          event.ListOf([]event.Value{ip(10, 0, 0, 1), ip(192, 168, 1, 7)}),
		"fd.net":         event.ListOf([]event.Value{ip(10, 0, 0, 1), ip(192, 168, 1, 7)}),
		"fd.port":        event.ListOf([]event.Value{event.Uint(443), event.Uint(50000)}),
		"evt.arg[flags]": event.Text("O_RDONLY|O_CREAT"),
		"evt.buffer":     event.Bytes("\x7fELF\x00\x01"),
		"evt.failed":     event.Bool(false),
	}
}

func parse(t testing.TB, text string) filter.Node {
	t.Helper()
	node, err := filter.Parse(text)
	if err != nil {
		t.Fatalf("parse %q: %v", text, err)
	}
	return node
}

// compileText compiles a condition for a source.
func compileText(t testing.TB, plan *compile.Plan, text string) *compile.Condition {
	t.Helper()
	cond, problems := plan.Condition(parse(t, text))
	for _, p := range problems {
		if !p.Warning {
			t.Fatalf("compile %q: %v", text, &p)
		}
	}
	return cond
}

func evaluate(t testing.TB, source *fake.Source, text string, values fake.Values) bool {
	t.Helper()
	plan := compile.NewPlan(source)
	cond := compileText(t, plan, text)
	ctx := plan.NewContext()
	ctx.Begin(source.Event("open", values))
	return cond.Eval(ctx)
}

// evalCases are conditions and what they come to on the sample.
var evalCases = map[string]bool{
	"proc.name = nginx":  true,
	"proc.name == bash":  false,
	"proc.name != bash":  true,
	"proc.name != nginx": false,

	// A missing value makes every comparison false.
	"proc.pname = x":             false,
	"proc.pname != x":            false,
	"not proc.pname = x":         true,
	"not proc.pname != x":        true,
	"proc.pname exists":          false,
	"proc.name exists":           true,
	"proc.pname in (x)":          false,
	"tolower(proc.pname) != x":   false,
	"proc.name = val(proc.name)": true,
	"proc.name != val(fd.name)":  true,
	"proc.name = proc.name":      false,

	"evt.type = open":                  true,
	"evt.type != open":                 false,
	"evt.type in (close, open)":        true,
	"evt.type in (close, openat)":      false,
	"not evt.type in (close, openat)":  true,
	"evt.type startswith open":         true,
	"evt.type == anyof (open, openat)": true,

	"proc.name in (bash, nginx)":                true,
	"proc.name in ()":                           false,
	"proc.name in (a, b, c, d, e, f, g, nginx)": true,
	"proc.name in (a, b, c, d, e, f, g, h)":     false,
	"proc.name contains gin":                    true,
	"proc.name contains ''":                     true,
	"fd.name icontains SHAD":                    true,
	"fd.name contains SHAD":                     false,
	"fd.name startswith /etc":                   true,
	"fd.name endswith ow":                       true,
	"fd.name glob /etc/*":                       true,
	"fd.name glob '*S?adow'":                    true,
	"fd.name iglob '*s?ADOW'":                   true,
	"fd.name glob '*/[!a-z]hadow'":              true,
	"fd.name pmatch (/usr, /etc)":               true,
	"fd.name pmatch (/et)":                      false,
	"fd.name regex '/etc/[A-Z].*'":              true,
	"fd.name regex 'etc'":                       false,
	"basename(fd.name) = Shadow":                true,
	"tolower(basename(fd.name)) = shadow":       true,
	"proc.name < 9":                             false,

	"proc.pid = 42":                               true,
	"proc.pid > 41":                               true,
	"proc.pid >= 43":                              false,
	"proc.pid < -1":                               false,
	"proc.pid = 0x2a":                             true,
	"proc.pid in (1, 42)":                         true,
	"proc.pid in (1, 2, 3, 4, 5, 6, 7, 42)":       true,
	"proc.uid < -20":                              true,
	"proc.uid != 1000":                            false,
	"proc.load >= 2":                              true,
	"proc.load in (1, 2)":                         true,
	"fd.num >= -1":                                false,
	"evt.failed = false":                          true,
	"evt.failed in (true)":                        false,
	"evt.num = 1":                                 true,
	"fd.sport = https":                            true,
	"len(proc.name) = 5":                          true,
	"len(proc.args) = 3":                          true,
	"evt.arg.flags contains O_CREAT":              true,
	"evt.arg[flags] contains O_CREAT":             true,
	"evt.buffer bcontains 454c46":                 true,
	"evt.buffer bstartswith 7f454c46":             true,
	"evt.buffer startswith ELF":                   false,
	"evt.buffer = \"\\x7fELF\\x00\\x01\"":         true,
	"join(\"\", (proc.name, proc.pid)) = nginx42": true,
	"join(-, (proc.name, \"x\")) = nginx-x":       true,
	"getopt(proc.args, \"t:n\")[t] = hello":       true,
	"getopt(proc.args, \"t:n\") intersects (n)":   true,

	// List fields.
	"proc.args in (-t, hello, -n, x)":       true,
	"proc.args in (-t, hello)":              false,
	"proc.args intersects (x, hello)":       true,
	"proc.args intersects (x, y)":           false,
	"toupper(proc.args) intersects (HELLO)": true,

	// Two values of the event.
	"proc.args in val(proc.args)":             true,
	"proc.args in val(proc.more)":             true,
	"proc.more in val(proc.args)":             false,
	"proc.args intersects val(proc.more)":     true,
	"proc.more intersects toupper(proc.args)": false,
	"proc.pname = val(proc.name)":             false,
	"proc.name in val(proc.name)":             true,
	"proc.pid < val(proc.ppid)":               true,
	"proc.pid >= val(proc.ppid)":              false,
	"proc.uid = val(proc.uid)":                true,
	"fd.name contains basename(fd.name)":      true,
	"fd.name icontains toupper(proc.pattern)": false,
	"fd.name endswith basename(fd.name)":      true,
	"fd.name startswith val(proc.name)":       false,
	"proc.name glob val(proc.pattern)":        true,
	"proc.name iglob toupper(proc.pattern)":   true,
	"fd.sip = val(fd.sip)":                    true,
	"fd.sip != val(fd.sip)":                   false,
	"evt.buffer bstartswith val(evt.buffer)":  true,
	"proc.load <= val(proc.load)":             true,

	// Any ancestor.
	"proc.aname = sshd":          true,
	"proc.aname != sshd":         true,
	"proc.aname in (init, cron)": true,
	"proc.aname startswith ba":   true,
	"proc.aname = cron":          false,
	"proc.aname[1] = bash":       true,
	"proc.aname[7] = bash":       false,

	// Addresses and both ends.
	"fd.sip = 10.0.0.1":                      true,
	"fd.sip = ::1":                           false,
	"fd.sip != ::1":                          true,
	"fd.sip in (10.0.0.1, ::1)":              true,
	"fd.snet = 10.0.0.0/8":                   true,
	"fd.snet in (172.16.0.0/12, 10.0.0.0/8)": true,
	"fd.snet != 10.0.0.0/8":                  false,
	"fd.snet = ::/0":                         false,
	"fd.ip = 192.168.1.7":                    true,
	"fd.ip != 192.168.1.7":                   false,
	"fd.ip != 1.1.1.1":                       true,
	"fd.ip in (1.1.1.1, 10.0.0.1)":           true,
	"fd.net = 192.168.0.0/16":                true,
	"fd.net != 192.168.0.0/16":               false,
	"fd.port = 443":                          true,
	"fd.port != 443":                         false,
	"fd.port != 80":                          true,
	"fd.port > 40000":                        true,
	"fd.ip != anyof (10.0.0.1, 1.1.1.1)":     true,
	"fd.ip != allof (10.0.0.1, 1.1.1.1)":     false,
	"fd.ip == allof (10.0.0.1, 192.168.1.7)": true,

	// Modifiers.
	"proc.name == oneof (nginx, nginx)":    false,
	"proc.name == oneof (nginx, bash)":     true,
	"proc.name contains allof (ngi, inx)":  true,
	"proc.name contains allof (ngi, bash)": false,
	"proc.name contains anyof ()":          false,
	"proc.name != allof ()":                false,
	"proc.name glob anyof (x*, n*)":        true,
	"proc.pname != anyof (a, b)":           false,

	"proc.name = nginx and fd.name = x":                         false,
	"proc.name = nginx and proc.pid = 42 and proc.uid = 1000":   true,
	"proc.name = x or proc.pid = 1 or proc.uid = 1000":          true,
	"proc.name = x or proc.pid = 42":                            true,
	"not (proc.name = x or proc.pid = 42)":                      false,
	"proc.name = x or proc.name = nginx and not proc.pid != 42": true,
}

func TestEval(t *testing.T) {
	for text, want := range evalCases {
		if got := evaluate(t, fake.Standard(), text, sample()); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestEndsMayBeMissing: of an end that is unknown nothing is true.
func TestEndsMayBeMissing(t *testing.T) {
	one := fake.Values{"fd.ip": event.ListOf([]event.Value{{}, ip(10, 0, 0, 1)})}
	none := fake.Values{"fd.ip": event.ListOf([]event.Value{{}, {}})}
	for _, tc := range []struct {
		text   string
		values fake.Values
		want   bool
	}{
		{"fd.ip = 10.0.0.1", one, true},
		{"fd.ip != 10.0.0.1", one, false},
		{"fd.ip != 1.1.1.1", one, true},
		{"fd.ip = 10.0.0.1", none, false},
		{"fd.ip != 10.0.0.1", none, false},
		{"fd.ip != 10.0.0.1", fake.Values{}, false},
	} {
		if got := evaluate(t, fake.Standard(), tc.text, tc.values); got != tc.want {
			t.Errorf("%s of %v: %v", tc.text, tc.values["fd.ip"], got)
		}
	}
}

// TestEvalInOnePlan: what conditions share changes none of them, whatever the
// order in which they are asked.
func TestEvalInOnePlan(t *testing.T) {
	source := fake.Standard()
	plan := compile.NewPlan(source)
	type compiled struct {
		text string
		cond *compile.Condition
		want bool
	}
	var all []compiled
	for range 3 {
		for text, want := range evalCases {
			all = append(all, compiled{text, compileText(t, plan, text), want})
			negated := "not (" + text + ")"
			all = append(all, compiled{negated, compileText(t, plan, negated), !want})
			both := text + " or proc.name = x and " + text
			all = append(all, compiled{both, compileText(t, plan, both), want})
		}
	}
	ctx := plan.NewContext()
	ev := source.Event("open", sample())
	for round := range 2 {
		ev.Scratch.Reset()
		ctx.Begin(ev)
		for _, c := range all {
			if got := c.cond.Eval(ctx); got != c.want {
				t.Errorf("round %d: %s: %v", round, c.text, got)
			}
		}
	}
}
