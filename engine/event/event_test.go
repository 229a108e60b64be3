package event_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
)

func TestAppendText(t *testing.T) {
	for _, tc := range []struct {
		value event.Value
		want  string
	}{
		{event.Value{}, ""},
		{event.Text("a b"), "a b"},
		{event.Bytes("\x00x"), "\x00x"},
		{event.Int(-7), "-7"},
		{event.Uint(1<<64 - 1), "18446744073709551615"},
		{event.Uint(0xab).InHex(), "AB"},
		{event.Uint(25530000).InNineDigits(), "025530000"},
		{event.Uint(0).InNineDigits(), "000000000"},
		{event.Uint(1234567890).InNineDigits(), "1234567890"},
		{event.Bool(true), "true"},
		{event.Float(2.25), "2.2"},
		{event.IPv4(0x0a000001), "10.0.0.1"},
		{event.IPBytes(strings.Repeat("\x00", 15) + "\x01"), "::1"},
		{event.NetBytes("\x0a\x00\x00\x00", 8), "10.0.0.0/8"},
		{event.ListOf([]event.Value{event.Text("a"), event.Int(1)}), "(a,1)"},
		{event.ListOf(nil), "()"},
	} {
		if got := tc.value.String(); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
	for _, odd := range []event.Value{event.IPBytes("abc"), event.NetBytes("", 8)} {
		if odd.Exists() {
			t.Errorf("%v is an address", odd)
		}
	}
}

func TestCloneOwnsItsData(t *testing.T) {
	var s event.Scratch
	text := event.Text(s.Text(append(s.Buffer(8), "first"...)))
	list := event.ListOf(s.List(1))
	list.List()[0] = text
	kept := list.Clone()
	s.Reset()
	s.Text(append(s.Buffer(8), "other"...))
	s.List(1)[0] = event.Int(1)
	if got := kept.String(); got != "(first)" {
		t.Errorf("the clone became %s", got)
	}
}

// TestScratchKeepsWhatItGave: also when it grows, all texts and lists stay as
// they were until Reset.
func TestScratchKeepsWhatItGave(t *testing.T) {
	var s event.Scratch
	var texts []string
	var lists [][]event.Value
	for i := range 2000 {
		size := i % 50
		b := s.Buffer(size)
		for range size {
			b = append(b, byte('a'+i%26))
		}
		texts = append(texts, s.Text(b))
		l := s.List(i % 5)
		for j := range l {
			if l[j].Exists() {
				t.Fatal("a new list holds something")
			}
			l[j] = event.Int(int64(i))
		}
		lists = append(lists, l)
	}
	for i := range texts {
		if texts[i] != strings.Repeat(string(rune('a'+i%26)), i%50) {
			t.Fatalf("text %d became %q", i, texts[i])
		}
		for _, v := range lists[i] {
			if v.Int() != int64(i) {
				t.Fatalf("list %d became %v", i, lists[i])
			}
		}
	}
}

// TestScratchBufferMayGrow: appending beyond the capacity moves the text out of
// the Scratch, and it is whole.
func TestScratchBufferMayGrow(t *testing.T) {
	var s event.Scratch
	first := s.Text(append(s.Buffer(4), "keep"...))
	long := strings.Repeat("x", 10_000)
	second := s.Text(append(s.Buffer(4), long...))
	third := s.Text(append(s.Buffer(4), "also"...))
	if first != "keep" || second != long || third != "also" {
		t.Errorf("%q, %d bytes, %q", first, len(second), third)
	}
}

// TestScratchKeepsAnOpenList: also one that grows beyond its block.
func TestScratchKeepsAnOpenList(t *testing.T) {
	var s event.Scratch
	before := s.List(1)
	before[0] = event.Int(7)
	for _, n := range []int{0, 1, 5, 500} {
		open := s.Values(2)
		for i := range n {
			open = append(open, event.Int(int64(i)))
		}
		kept := s.Keep(open)
		after := s.List(3)
		if len(kept) != n || before[0].Int() != 7 || after[2].Exists() {
			t.Fatalf("%d values, %d kept", n, len(kept))
		}
		for i := range kept {
			if kept[i].Int() != int64(i) {
				t.Fatalf("value %d became %v", i, kept[i])
			}
		}
	}
}

func TestScratchDoesNotAllocate(t *testing.T) {
	var s event.Scratch
	n := testing.AllocsPerRun(100, func() {
		s.Reset()
		for range 10 {
			s.Text(append(s.Buffer(16), "0123456789"...))
			s.List(3)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestTypeSet(t *testing.T) {
	names := make([]string, 130)
	for i := range names {
		names[i] = strings.Repeat("x", i+1)
	}
	types := event.NewTypes(names...)
	set := event.NewTypeSet(types.Len())
	for _, id := range []event.TypeID{0, 63, 64, 129} {
		set.Add(id)
	}
	all := event.AllTypes(types.Len())
	rest := all.Clone()
	rest.Remove(set)
	both := set.Clone()
	both.Union(rest)
	none := set.Clone()
	none.Intersect(rest)
	if set.Count() != 4 || rest.Count() != 126 || none.Count() != 0 || !both.Equal(all) || all.Count() != 130 {
		t.Errorf("%d %d %d %d", set.Count(), rest.Count(), none.Count(), both.Count())
	}
	if set.Has(1) || !set.Has(129) || set.Has(500) {
		t.Error("wrong members")
	}
	if got := types.Names(set); !slices.Equal(got, []string{names[0], names[63], names[64], names[129]}) {
		t.Errorf("%d names", len(got))
	}
	if id, ok := types.Lookup(names[64]); !ok || id != 64 || types.Name(64) != names[64] || types.Name(999) != "" {
		t.Error("names and ids do not agree")
	}
}

func TestNewTypesRefusesTwins(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	event.NewTypes("a", "b", "a")
}
