package jsondoc_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/jsondoc"
)

// parse is the value of a text that must be right.
func parse(t testing.TB, text string) jsondoc.Node {
	t.Helper()
	var d jsondoc.Document
	rest, err := d.Parse(text)
	if err != nil || rest != "" {
		t.Fatalf("%q: rest %q, %v", text, rest, err)
	}
	return d.Root()
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		`null`: "null", ` true `: "true", `false`: "false", `-0`: "-0", `1e3`: "1e3", `12.50`: "12.50",
		`""`: "", `"a"`: "a", `"a\u00e9\n\t\"\\\/\b\f\r"`: "aé\n\t\"\\/\b\f\r", `"\ud83d\ude00"`: "😀",
		`"\ud83d"`: "�", `"\ud83dx"`: "�x", `"\ud83d\u0041"`: "�A", `"a\u0000b"`: "a\x00b",
		"\"a\x01\tb\"": "a\x01\tb",
		`[]`:           "[]", `{ }`: "{}", `[1,2]`: "[1,2]", `[ 1 , 2.0 ]`: "[1,2.0]",
		`{"b":1,"a":[" x ","\u003c"]}`:         `{"b":1,"a":[" x ","\u003c"]}`,
		`{"b" : 1, "a" :[ " x\" ", {"c":1} ]}`: `{"b":1,"a":[" x\" ",{"c":1}]}`,
		"[\n {\"a\":1}\n]":                     `[{"a":1}]`,
	} {
		var s event.Scratch
		if got := parse(t, text).Text(&s); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestIndented(t *testing.T) {
	var s event.Scratch
	got := parse(t, `{"a":1,"b":[],"c":{},"d":[1,{"e":"\u003c"}]}`).Indented(&s)
	want := "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    1,\n    {\n      \"e\": \"\\u003c\"\n    }\n  ]\n}"
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestErrorsTellThePlace(t *testing.T) {
	for text, want := range map[string]int{
		``: 0, `  `: 2, `x`: 0, `nul`: 0, `-`: 0, `"a`: 2, `"\x"`: 1, `"\u00g0"`: 1, `"\`: 1, `[`: 1, `[1`: 2, `[1,]`: 3, `[1 2]`: 3,
		`{`: 1, `{"a"`: 4, `{"a" 1}`: 5, `{"a":}`: 5, `{a:1}`: 1, `{"a":1,}`: 7, `{"a":1]`: 6, `[}`: 1, "\ufeff{}": 0,
	} {
		var d jsondoc.Document
		_, err := d.Parse(text)
		var e *jsondoc.Error
		if !errors.As(err, &e) || e.Offset != want {
			t.Errorf("%q: %v, want place %d", text, err, want)
		}
		if d.Root().Exists() {
			t.Errorf("%q: has a value", text)
		}
	}
}

func TestParseReturnsTheRest(t *testing.T) {
	var d jsondoc.Document
	for text, want := range map[string]string{`{} {}`: "{}", "[1]\n\n[2]\n": "[2]\n", `1 x`: "x", `{}`: ""} {
		if rest, err := d.Parse(text); err != nil || rest != want {
			t.Errorf("%q: %q, %v", text, rest, err)
		}
	}
}

func TestBounds(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	var d jsondoc.Document
	if _, err := d.Parse(nested(jsondoc.MaxDepth)); err != nil {
		t.Errorf("%d levels: %v", jsondoc.MaxDepth, err)
	}
	for name, text := range map[string]string{
		"depth":  nested(jsondoc.MaxDepth + 1),
		"bomb":   strings.Repeat("[", 1<<20),
		"object": strings.Repeat(`{"a":`, 1<<16),
		"values": "[" + strings.Repeat("0,", 9<<20) + "0]",
		"bytes":  `"` + strings.Repeat("x", jsondoc.MaxBytes) + `"`,
	} {
		if _, err := d.Parse(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := d.Parse(`{"a":1}`); err != nil || !d.Root().Get("a").Exists() {
		t.Errorf("after them: %v", err)
	}
}

const sample = `{"kind":"Event","list":[{"k":"v"},[7,8],null],"o":{"":{"":"deep"}},"a/b":1,"m~n":2,"~1":5,"\u0061sc":"x","twice":1,"twice":2}`

func TestPointer(t *testing.T) {
	root := parse(t, sample)
	for pointer, want := range map[string]string{
		"": sample, "/kind": "Event", "kind": "Event", "/list/0/k": "v", "list/0/k": "v", "/list/00/k": "v", "/list/1/1": "8",
		"/list/2": "null", "/list/3": "", "/list/-": "", "/list/k": "", "/kind/x": "", "/o//": "deep", "/o/": `{"":"deep"}`,
		"/": "", "/a~1b": "1", "/a/b": "", "/m~0n": "2", "/m~n": "2", "/~01": "5", "/asc": "x", "/twice": "1", "/list/99999999999": "",
	} {
		p, err := jsondoc.ParsePointer(pointer)
		if err != nil {
			t.Fatal(err)
		}
		var s event.Scratch
		if got := p.Find(root).Text(&s); got != want {
			t.Errorf("%q: %q, want %q", pointer, got, want)
		}
	}
	if _, err := jsondoc.ParsePointer(strings.Repeat("/a", jsondoc.MaxDepth+1)); err == nil {
		t.Error("a pointer of any depth")
	}
}

func TestPath(t *testing.T) {
	root := parse(t, `{"c":[{"n":"a","p":[1,2]},{"n":"b"},null,{"p":[3]}],"o":{"n":"x"}}`)
	for _, tc := range []struct {
		path string
		only int
		want string
	}{
		{"/c/*/n", -1, "a b"}, {"/c/*/p/*", -1, "1 2 3"}, {"/c/*/p/*", 0, "1 2"}, {"/c/*/p/*", 3, "3"}, {"/c/*/n", 1, "b"},
		{"/c/*/n", 9, ""}, {"/o/*/n", -1, ""}, {"/o/n", -1, "x"}, {"/none/*", -1, ""}, {"/c/*", 2, "null"},
	} {
		var s event.Scratch
		var got []string
		jsondoc.MustPath(tc.path).Each(root, tc.only, func(n jsondoc.Node) { got = append(got, n.Text(&s)) })
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s, %d: %q", tc.path, tc.only, got)
		}
	}
}

// TestNoNode: everything may be asked of what is not there.
func TestNoNode(t *testing.T) {
	var s event.Scratch
	var n jsondoc.Node
	if n.Exists() || n.Kind() != jsondoc.None || n.Get("a").Exists() || n.Item(0).Exists() || n.Len() != 0 || n.Raw() != "" ||
		n.Text(&s) != "" || n.Indented(&s) != "" || n.Value(&s).Exists() || n.Equal("") || n.Offset() != 0 {
		t.Error("it has something")
	}
	if _, err := n.Time(); !errors.Is(err, jsondoc.ErrNoTime) {
		t.Errorf("its time: %v", err)
	}
}

func TestTime(t *testing.T) {
	for text, want := range map[string]uint64{
		`"2026-01-02T03:04:05.678901Z"`: 1767323045678901000, `"2026-01-02T04:04:05+01:00"`: 1767323045000000000,
		`"2026-01-02T03:04:05.1234567899Z"`: 1767323045123456789, `"1970-01-01T00:00:00Z"`: 0, `"0001-01-01T00:00:00Z"`: 0,
	} {
		if got, err := parse(t, text).Time(); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{`""`, `null`, `5`, `"2026-02-31T00:00:00Z"`, `"2026-01-02 03:04:05Z"`, `"2026-01-02T03:04:05+0200"`} {
		if _, err := parse(t, text).Time(); !errors.Is(err, jsondoc.ErrNoTime) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestReuseDoesNotAllocate(t *testing.T) {
	var d jsondoc.Document
	var s event.Scratch
	p := jsondoc.MustPointer("/list/0/k")
	n := testing.AllocsPerRun(100, func() {
		s.Reset()
		if _, err := d.Parse(sample); err != nil || p.Find(d.Root()).Text(&s) != "v" {
			t.Fatal(err)
		}
		d.Root().Get("list").Text(&s)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParse(b *testing.B) {
	text := "[" + strings.Repeat(sample+",", 9) + sample + "]"
	var d jsondoc.Document
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
