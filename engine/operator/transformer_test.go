package operator

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// apply runs a one-argument transformer.
func apply(t testing.TB, name string, arg Operand, v event.Value) event.Value {
	t.Helper()
	row, ok := LookupTransformer(name)
	if !ok {
		t.Fatalf("no transformer %s", name)
	}
	transform, _, _, err := row.Plan([]Operand{arg}, "", false)
	if err != nil {
		t.Fatal(err)
	}
	var s event.Scratch
	return transform(&s, &v)
}

func TestTransformText(t *testing.T) {
	text := Operand{Type: field.Charbuf}
	for _, tc := range []struct{ name, in, want string }{
		{"tolower", "MiXed É", "mixed É"},
		{"tolower", "lower", "lower"},
		{"tolower", "", ""},
		{"toupper", "MiXed", "MIXED"},
		{"b64", "aGVsbG8=", "hello"},
		{"b64", "aGVsbG8", "hello"},
		{"b64", "", ""},
		{"basename", "/a/b", "b"},
		{"basename", "/a/", ""},
		{"basename", "a", "a"},
		{"len", "four", "4"},
		{"val", "x", "x"},
	} {
		if got := apply(t, tc.name, text, event.Text(tc.in)); got.String() != tc.want || !got.Exists() {
			t.Errorf("%s(%q): %q", tc.name, tc.in, got)
		}
	}
	if v := apply(t, "b64", text, event.Text("not Base64!")); v.Exists() {
		t.Errorf("b64 of what is no Base64: %q", v)
	}
}

func TestTransformList(t *testing.T) {
	list := Operand{Type: field.Charbuf, List: true}
	v := event.ListOf([]event.Value{event.Text("/a/B"), event.Text("C")})
	for name, want := range map[string]string{"toupper": "(/A/B,C)", "basename": "(B,C)", "len": "2"} {
		if got := apply(t, name, list, v); got.String() != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestPlanErrors(t *testing.T) {
	text, list, number := Operand{Type: field.Charbuf}, Operand{Type: field.Charbuf, List: true}, Operand{Type: field.Int64}
	for _, tc := range []struct {
		name     string
		args     []Operand
		index    string
		hasIndex bool
		want     string
	}{
		{name: "toupper", args: []Operand{number}, want: "does not support field type 'int64'"},
		{name: "toupper", args: []Operand{text, text}, want: "takes one argument"},
		{name: "val", args: []Operand{text}, index: "x", hasIndex: true, want: "filter error: transformer 'val' does not support field arguments"},
		{name: "len", args: []Operand{number}, want: "does not support field type"},
		{name: "join", args: []Operand{text, text}, want: "takes a list"},
		{name: "join", args: []Operand{list, list}, want: "separator"},
		{name: "join", args: []Operand{text}, want: "takes a separator and a list"},
		{name: "concat", args: []Operand{text, list}, want: "takes no list"},
		{name: "concat", args: []Operand{text}, want: "two or more"},
		{name: "concat", args: []Operand{text, number}, want: "takes strings"},
		{name: "getopt", want: "takes a list and the option letters"},
		{name: "getopt", args: []Operand{text, text}, want: "list of strings"},
		{name: "getopt", args: []Operand{list, list}, want: "as a string"},
		{name: "getopt", args: []Operand{list, text}, hasIndex: true, want: "one option letter"},
	} {
		row, _ := LookupTransformer(tc.name)
		_, _, _, err := row.Plan(tc.args, tc.index, tc.hasIndex)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s %v: %v, want %q", tc.name, tc.args, err, tc.want)
		}
	}
}

func TestGetopt(t *testing.T) {
	for _, tc := range []struct {
		words, letters string
		want           string // all options
		t              string // argument of -t; ! if missing
	}{
		{"-n", "n", "(n)", "!"},
		{"-thello", "t:", "(t,hello)", "hello"},
		{"-n -t hello", "nt:", "(n,t,hello)", "hello"},
		{"-nt hello", "nt:", "(n,t,hello)", "hello"},
		{"-n -- -t x", "nt:", "(n)", "!"},
		{"-x -n", "n", "(?,n)", "!"},
		{"file -n", "n", "()", "!"},
		{"- -n", "n", "()", "!"},
		{"--exec", "e:", "()", "!"},
		{"--exec -t x", "t:", "(t,x)", "x"},
		{"-t", "t:", "()", ""},
		{"-t", "t", "(t)", "t"},
		{"-t v -t", "t:", "(t,v,)", ""},
		{"-t a -t b", "t:", "(t,a,t,b)", "b"},
		{"-:", ":n", "(?)", "!"},
		{"-n -t", "", "(?,?)", "!"},
		{"", "n", "()", "!"},
	} {
		var s event.Scratch
		words := strings.Fields(tc.words)
		list := make([]event.Value, len(words))
		for i, word := range words {
			list[i] = event.Text(word)
		}
		args := []event.Value{event.ListOf(list), event.Text(tc.letters)}
		if got := options(&s, args); got.String() != tc.want {
			t.Errorf("%q %q: %s, want %s", tc.words, tc.letters, got, tc.want)
		}
		got := optionArgument('t')(&s, args)
		if got.String() != strings.TrimPrefix(tc.t, "!") || got.Exists() != (tc.t != "!") {
			t.Errorf("%q %q: argument %q, want %q", tc.words, tc.letters, got, tc.t)
		}
	}
}

func FuzzGetopt(f *testing.F) {
	f.Add("-a -b c -- d", "ab:")
	f.Add("-:", ":")
	f.Fuzz(func(t *testing.T, words, letters string) {
		var s event.Scratch
		var list []event.Value
		for word := range strings.SplitSeq(words, " ") {
			list = append(list, event.Text(word))
		}
		args := []event.Value{event.ListOf(list), event.Text(letters)}
		if n := len(options(&s, args).List()); n > 2*len(words) {
			t.Errorf("%d items of %d bytes", n, len(words))
		}
		optionArgument('b')(&s, args)
	})
}
