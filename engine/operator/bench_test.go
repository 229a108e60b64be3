package operator

import (
	"fmt"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// matcherCase is a comparison as rules have them. The value does not match, so
// that everything is looked at.
type matcherCase struct {
	name   string
	op     string
	t      field.Type
	consts []string
	value  event.Value
}

func matcherCases() []matcherCase {
	thousand := make([]string, 1000)
	ports := make([]string, 1000)
	networks := make([]string, 100)
	for i := range thousand {
		thousand[i] = fmt.Sprintf("/usr/bin/tool-%d", i)
		ports[i] = fmt.Sprint(i)
	}
	for i := range networks {
		networks[i] = fmt.Sprintf("10.%d.0.0/16", i)
	}
	path := event.Text("/usr/lib/x86_64-linux-gnu/libc.so.6")
	return []matcherCase{
		{"equal", "=", field.Charbuf, []string{"/usr/lib/x86_64-linux-gnu/libc.so.7"}, path},
		{"in_5", "in", field.Charbuf, thousand[:5], path},
		{"in_1000", "in", field.Charbuf, thousand, event.Text("/usr/bin/tool-x")},
		{"in_1000_ports", "in", field.Port, ports, event.Uint(5000)},
		{"in_100_networks", "in", field.IPNet, networks, event.IPBytes("\x0a\xff\x00\x01")},
		{"startswith", "startswith", field.Charbuf, []string{"/usr/lib32"}, path},
		{"contains", "contains", field.Charbuf, []string{"libc.so.7"}, path},
		{"icontains", "icontains", field.Charbuf, []string{"LIBC.so.7"}, path},
		{"glob", "glob", field.Charbuf, []string{"/usr/*/lib[a-z]*.so.7"}, path},
		{"pmatch_1000", "pmatch", field.Charbuf, thousand, path},
		{"pmatch_glob", "pmatch", field.Charbuf, []string{"/home/*/.ssh", "/usr/*/x86_64-*/gcc", "/etc"}, path},
		{"regex", "regex", field.Charbuf, []string{"/usr/(lib|share)/.*[.]7"}, path},
		{"number", "<", field.Int64, []string{"0"}, event.Int(3)},
		{"bcontains", "bcontains", field.Bytebuf, []string{"7f454c46"}, event.Bytes("GET / HTTP/1.1\r\nHost: localhost\r\n")},
	}
}

func (c matcherCase) build(t testing.TB) Matcher {
	op, ok := Lookup(c.op)
	if !ok {
		t.Fatal(c.op)
	}
	return build(t, op, c.t, c.consts...)
}

func TestMatchersDoNotAllocate(t *testing.T) {
	for _, c := range matcherCases() {
		match := c.build(t)
		if match(&c.value) {
			t.Errorf("%s matches", c.name)
		}
		if n := testing.AllocsPerRun(100, func() { match(&c.value) }); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func TestTransformersDoNotAllocate(t *testing.T) {
	var s event.Scratch
	text, encoded := event.Text("Some/Mixed Text"), event.Text("aGVsbG8gd29ybGQ=")
	list := []event.Value{event.Text("-t"), event.Text("hello"), event.Text("-n")}
	args := []event.Value{event.ListOf(list), event.Text("t:n")}
	join2 := []event.Value{event.Text(","), event.ListOf(list)}
	last := optionArgument('t')
	for name, run := range map[string]func(){
		"tolower":   func() { toLower(&s, &text) },
		"b64":       func() { fromBase64(&s, &encoded) },
		"basename":  func() { basename(&s, &text) },
		"join":      func() { join(&s, join2) },
		"concat":    func() { concat(&s, list) },
		"getopt":    func() { options(&s, args) },
		"getopt[t]": func() { last(&s, args) },
	} {
		if n := testing.AllocsPerRun(100, func() { s.Reset(); run() }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, c := range matcherCases() {
		match := c.build(b)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				match(&c.value)
			}
		})
	}
}
