package process

import (
	"strings"
	"testing"
)

func TestJoin(t *testing.T) {
	for _, c := range []struct{ dir, path, want string }{
		{"/root/", "a", "/root/a"},
		{"/root/", "../a", "/a"},
		{"/root/", "../../..", "/"},
		{"/root/", ".", "/root"},
		{"/", ".", "/"},
		{"/root/", "/a//b/./c/../d/", "/a/b/d"},
		{"/root/", "/../..", "/"},
		{"/a/b/", "../c/../../d", "/d"},
		{"", "../", ""},
		{"", "a/b", "a/b"},
		{"a/", "..", ""},
		{"", "//x", "/x"},
		{"/root/", "...", "/root/..."},
	} {
		if got := Join(c.dir, c.path); got != c.want {
			t.Errorf("Join(%q, %q) = %q, want %q", c.dir, c.path, got, c.want)
		}
	}
}

func FuzzAppendPath(f *testing.F) {
	f.Add("/root/", "../a/./b//c/..")
	f.Add("", "..")
	f.Add("/", "/")
	f.Fuzz(func(t *testing.T, dir, path string) {
		got := string(AppendPath([]byte("x"), dir, path))
		if !strings.HasPrefix(got, "x") {
			t.Fatalf("wrote before its place: %q", got)
		}
		got = got[1:]
		if !strings.HasPrefix(path, "/") {
			return
		}
		if !strings.HasPrefix(got, "/") {
			t.Fatalf("%q is not absolute", got)
		}
		for part := range strings.SplitSeq(got[1:], "/") {
			if got != "/" && (part == "" || part == "." || part == "..") {
				t.Fatalf("%q is not clean", got)
			}
		}
		if again := Join("", got); again != got {
			t.Fatalf("cleaning %q again gives %q", got, again)
		}
	})
}
