package jsondoc_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/jsondoc"
)

// FuzzParse: no text makes it panic; what the standard library reads is read
// here with the same values; what is read is written as the same value again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		sample, `{`, `[1,2`, `"\ud83d\ude00"`, "\"\x01\"", `{"a" : [ true , null ] } x`, `[[[[]]]]`, `-0.5e+3`, `"\u0000"`, "[\n]\n{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d jsondoc.Document
		rest, err := d.Parse(text)
		var e *jsondoc.Error
		if errors.As(err, &e) && (e.Offset < 0 || e.Offset > len(text)) {
			t.Fatalf("place %d of %d bytes", e.Offset, len(text))
		}
		if json.Valid([]byte(text)) && depthOf(text) < jsondoc.MaxDepth && (err != nil || rest != "") {
			t.Fatalf("%q: rest %q, %v", text, rest, err)
		}
		if err != nil {
			return
		}
		var s event.Scratch
		visit(d.Root(), &s)
		compact := d.Root().Text(&s)
		if !json.Valid([]byte(text[:len(text)-len(rest)])) {
			return
		}
		if d.Root().Kind() == jsondoc.String {
			compact = d.Root().Raw()
		}
		for _, again := range []string{compact, d.Root().Indented(&s)} {
			if !sameJSON(t, text[:len(text)-len(rest)], again) {
				t.Fatalf("%q became %q", text, again)
			}
		}
	})
}

func depthOf(text string) int {
	depth, most := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		most = max(most, depth)
	}
	return most
}

// visit reads everything in a document.
func visit(n jsondoc.Node, s *event.Scratch) {
	n.Text(s)
	n.Equal("x")
	for item := range n.Items() {
		visit(item, s)
	}
	for name, value := range n.Members() {
		n.Get(name.Text(s))
		visit(value, s)
	}
	for i := range n.Len() {
		n.Item(i)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil {
		return true // a number that is too large for it
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		return false
	}
	one, err1 := json.Marshal(x)
	two, err2 := json.Marshal(y)
	return err1 == nil && err2 == nil && string(one) == string(two)
}

// FuzzPointer: no pointer makes it panic, on any document.
func FuzzPointer(f *testing.F) {
	f.Add("/list/0/k", sample)
	f.Add("~~/~1/-1", `[{}]`)
	f.Fuzz(func(t *testing.T, pointer, text string) {
		p, err := jsondoc.ParsePointer(pointer)
		if err != nil {
			return
		}
		var d jsondoc.Document
		if _, err := d.Parse(text); err != nil {
			return
		}
		var s event.Scratch
		p.Find(d.Root()).Text(&s)
	})
}
