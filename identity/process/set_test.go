package process

import (
	"slices"
	"testing"
	"unsafe"
)

func TestSettersCopy(t *testing.T) {
	buf := []byte("sh\x00-c\x00true\x00")
	th := NewThread(1)
	th.SetArgs(unsafe.String(&buf[0], len(buf)))
	th.SetComm(unsafe.String(&buf[0], 2))
	copy(buf, "XXXXXXXXXXX")
	if !slices.Equal(th.Args, []string{"sh", "-c", "true"}) || th.Comm != "sh" {
		t.Errorf("args %q, comm %q changed with the buffer", th.Args, th.Comm)
	}
}

func TestSplitNUL(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want []string
	}{
		{"", nil},
		{"a", []string{"a"}},
		{"a\x00", []string{"a"}},
		{"a\x00b", []string{"a", "b"}},
		{"\x00", nil},
		{"\x00\x00", []string{"", ""}},
		{"a\x00\x00b\x00", []string{"a", "", "b"}},
	} {
		if got := splitNUL(c.raw); !slices.Equal(got, c.want) {
			t.Errorf("splitNUL(%q) = %q, want %q", c.raw, got, c.want)
		}
		if !equalList(c.want, c.raw) {
			t.Errorf("%q is not seen as %q", c.raw, c.want)
		}
	}
	for _, raw := range []string{"", "a\x00b\x00c", "ab", "a\x00", "a\x00x"} {
		if equalList([]string{"a", "b"}, raw) {
			t.Errorf("%q is seen as a, b", raw)
		}
	}
}

func TestVersionCountsChanges(t *testing.T) {
	th := NewThread(1)
	before := th.Version()
	th.SetComm("a")
	if th.Version() == before {
		t.Error("a new name is no change")
	}
	before = th.Version()
	th.SetComm("a")
	th.SetEnv("")
	if th.Version() != before {
		t.Error("the same name again is a change")
	}
}

func TestExePathOfDeletedFile(t *testing.T) {
	th := NewThread(1)
	th.SetExePath("/tmp/x (deleted)")
	if th.ExePath != "/tmp/x" || !th.ExeDeleted {
		t.Errorf("%q, deleted %v", th.ExePath, th.ExeDeleted)
	}
	th.SetExePath("/tmp/y")
	if th.ExeDeleted {
		t.Error("the next program is deleted too")
	}
}

func FuzzSplitNUL(f *testing.F) {
	f.Add("a\x00b\x00")
	f.Add("\x00\x00")
	f.Fuzz(func(t *testing.T, raw string) {
		if list := splitNUL(raw); !equalList(list, raw) {
			t.Errorf("splitNUL(%q) = %q, which is not the same list", raw, list)
		}
	})
}
