package operator

import (
	"path"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/event"
)

func TestGlobMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want, fold    bool
	}{
		{"", "", true, true},
		{"", "a", false, false},
		{"*", "", true, true},
		{"*", "a/b", true, true},
		{"/etc/*", "/etc/a/b", true, true},
		{"/etc/*", "/etc", false, false},
		{"?", "a", true, true},
		{"?", "", false, false},
		{"a*b*c", "aXbXbXc", true, true},
		{"a*b*c", "aXbXbX", false, false},
		{"A*", "abc", false, true},
		{"[abc]x", "bx", true, true},
		{"[!abc]x", "bx", false, false},
		{"[^abc]x", "dx", true, true},
		{"[a-c]", "b", true, true},
		{"[a-c]", "B", false, true},
		{"[A-C]", "b", false, true},
		{"[]a]", "]", true, true},
		{"[!]a]", "b", true, true},
		{"[a-]", "-", true, true},
		{"[[:digit:]]*", "7up", true, true},
		{"[[:digit:]]*", "up", false, false},
		{"[![:space:]]", " ", false, false},
		{"[[:upper:]]", "a", false, true},
		{"[a", "[a", true, true},
		{"[a", "a", false, false},
		{`\*`, "*", true, true},
		{`\*`, "x", false, false},
		{`a\`, `a\`, false, false},
		{`[\]]`, "]", true, true},
		{"bad?", "bad\xff", true, true},
		{"*.so.?", "/lib/libc.so.6", true, true},
	} {
		if got := globMatch(tc.pattern, tc.text, false); got != tc.want {
			t.Errorf("glob %q %q: %v", tc.pattern, tc.text, got)
		}
		if got := globMatch(tc.pattern, tc.text, true); got != tc.fold {
			t.Errorf("iglob %q %q: %v", tc.pattern, tc.text, got)
		}
		match, _ := buildGlob(false)(Text, []event.Value{event.Text(tc.pattern)})
		if v := event.Text(tc.text); match(&v) != tc.want {
			t.Errorf("compiled glob %q %q: %v", tc.pattern, tc.text, !tc.want)
		}
	}
}

func TestGlobMatchIsNotExponential(t *testing.T) {
	pattern := strings.Repeat("a*", 50) + "b"
	if globMatch(pattern, strings.Repeat("a", 5000), false) {
		t.Error("matches")
	}
}

// FuzzGlob compares with path.Match where both speak the same language.
func FuzzGlob(f *testing.F) {
	for _, seed := range [][2]string{{"a*b?[c-d]", "axxbyc"}, {"[", "["}, {"[[:digit:]", "x"}, {`\`, `\`}, {"[!a", "b"}, {"[a-", "b"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		got := globMatch(pattern, text, false)
		globMatch(pattern, text, true)
		if strings.ContainsAny(pattern, `[\/`) || strings.Contains(text, "/") || !isASCII(pattern+text) {
			return
		}
		if want, err := path.Match(pattern, text); err == nil && got != want {
			t.Errorf("glob %q %q: %v, path.Match says %v", pattern, text, got, want)
		}
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

func TestWildcard(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true},
		{"**", "anything", true},
		{"", "", true},
		{"", "x", false},
		{"x", "x", true},
		{"a*c", "abc", true},
		{"a*c", "ac", true},
		{"a*a", "a", false},
		{"*b*d", "abcd", true},
		{"*b*d", "abcde", false},
		{"*b*d*", "abce", false},
		{"a[b]?", "a[b]?", true},
	} {
		if got := Wildcard(tc.pattern, tc.text); got != tc.want {
			t.Errorf("%q %q: %v", tc.pattern, tc.text, got)
		}
	}
}

func TestPathSet(t *testing.T) {
	for _, tc := range []struct {
		prefixes string // with blanks between
		path     string
		want     bool
	}{
		{"/etc", "/etc", true},
		{"/etc", "/etc/", true},
		{"/etc/", "/etc/passwd", true},
		{"/etc", "/etcetera", false},
		{"/etc/ssh", "/etc", false},
		{"/usr/lib /usr/local", "/usr/local/bin", true},
		{"/usr/lib /usr/local", "/usr/share", false},
		{"/", "/anything", true},
		{"/home/*/.ssh", "/home/me/.ssh/id_rsa", true},
		{"/home/*/.ssh", "/home/me/you/.ssh", false},
		{"/a/*/x /a/b/y", "/a/b/x", true},
		{"/a//b", "/a/b", true},
		{"/lib[0-9]", "/lib6/x", true},
		{"x/y", "/x/y", true},
	} {
		var set PathSet
		for _, prefix := range strings.Fields(tc.prefixes) {
			set.Add(prefix)
		}
		if got := set.Match(tc.path); got != tc.want {
			t.Errorf("%s: %s: %v", tc.prefixes, tc.path, got)
		}
	}
	var none, root PathSet
	root.Add("")
	if none.Match("/") || none.Match("") {
		t.Error("the empty set matches")
	}
	if !root.Match("<NA>") {
		t.Error("a prefix without components does not match")
	}
}
