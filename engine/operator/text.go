package operator

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// textTest is a test of a text against another.
type textTest func(text, want string) bool

func contains(text, want string) bool   { return strings.Contains(text, want) }
func startsWith(text, want string) bool { return strings.HasPrefix(text, want) }
func endsWith(text, want string) bool   { return strings.HasSuffix(text, want) }

func buildText(test textTest) func(Class, []event.Value) (Matcher, error) {
	return func(_ Class, consts []event.Value) (Matcher, error) {
		want := consts[0].Str()
		return func(v *event.Value) bool { return test(v.Str(), want) }, nil
	}
}

func compareText(test textTest) func(Class) Comparer {
	return func(Class) Comparer {
		return func(a, b *event.Value) bool { return test(a.Str(), b.Str()) }
	}
}

func buildFoldContains(_ Class, consts []event.Value) (Matcher, error) {
	want := lowerText(consts[0].Str())
	return func(v *event.Value) bool { return foldContainsLower(v.Str(), want) }, nil
}

// lower is the ASCII lower case of a byte.
func lower(b byte) byte {
	if b-'A' < 26 {
		return b + 'a' - 'A'
	}
	return b
}

// upper is the ASCII upper case of a byte.
func upper(b byte) byte {
	if b-'a' < 26 {
		return b - ('a' - 'A')
	}
	return b
}

func foldContains(text, want string) bool {
	for start := 0; start+len(want) <= len(text); start++ {
		if foldEqual(text[start:start+len(want)], want) {
			return true
		}
	}
	return false
}

func foldEqual(a, b string) bool {
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// foldContainsLower is foldContains for a want that is in lower case.
func foldContainsLower(text, want string) bool {
	if want == "" {
		return true
	}
	first := want[0]
	for start := 0; start+len(want) <= len(text); start++ {
		if lower(text[start]) == first && equalLower(text[start:start+len(want)], want) {
			return true
		}
	}
	return false
}

func equalLower(text, want string) bool {
	for i := range len(want) {
		if lower(text[i]) != want[i] {
			return false
		}
	}
	return true
}

// lowerText is the text with ASCII letters in lower case; for constants.
func lowerText(text string) string {
	b := []byte(text)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
}
