package operator

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
)

// buildGlob turns the usual shapes of pattern into text tests.
func buildGlob(fold bool) func(Class, []event.Value) (Matcher, error) {
	return func(_ Class, consts []event.Value) (Matcher, error) {
		pattern := consts[0].Str()
		if !fold {
			if m := plainGlob(pattern); m != nil {
				return m, nil
			}
		}
		return func(v *event.Value) bool { return globMatch(pattern, v.Str(), fold) }, nil
	}
}

// plainGlob is the matcher of a pattern that has no special character but a *
// at either end; nil for any other.
func plainGlob(pattern string) Matcher {
	inner, tail := strings.CutSuffix(pattern, "*")
	inner, head := strings.CutPrefix(inner, "*")
	switch {
	case HasGlob(inner):
		return nil
	case head && tail:
		return func(v *event.Value) bool { return strings.Contains(v.Str(), inner) }
	case head:
		return func(v *event.Value) bool { return strings.HasSuffix(v.Str(), inner) }
	case tail:
		return func(v *event.Value) bool { return strings.HasPrefix(v.Str(), inner) }
	}
	return func(v *event.Value) bool { return v.Str() == inner }
}

// HasGlob tells whether a pattern has a special character.
func HasGlob(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

func globText(text, pattern string) bool  { return globMatch(pattern, text, false) }
func iglobText(text, pattern string) bool { return globMatch(pattern, text, true) }

// globMatch is POSIX fnmatch without flags, over bytes: * crosses slashes, a
// backslash quotes. It backtracks to the last * only, so it is at worst
// quadratic.
func globMatch(pattern, text string, fold bool) bool {
	p, t := 0, 0
	star, mark := -1, 0 // the last *, and where in text it may end next
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '*' {
			star, mark = p, t
			p++
			continue
		}
		if width := globByte(pattern[p:], text[t], fold); width > 0 {
			p += width
			t++
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		p, t = star+1, mark
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// globByte matches one byte with the pattern's first element, which is not *.
// It returns the element's length, or 0 if it does not match.
func globByte(pattern string, b byte, fold bool) int {
	if pattern == "" {
		return 0
	}
	switch pattern[0] {
	case '?':
		return 1
	case '[':
		if match, width := globSet(pattern, b, fold); width > 0 {
			if match {
				return width
			}
			return 0
		}
	case '\\':
		if len(pattern) > 1 && sameByte(pattern[1], b, fold) {
			return 2
		}
		return 0
	}
	if sameByte(pattern[0], b, fold) {
		return 1
	}
	return 0
}

func sameByte(a, b byte, fold bool) bool {
	return a == b || fold && lower(a) == lower(b)
}

// globSet matches a bracket expression. Its width is 0 if it does not end, and
// then the bracket stands for itself.
func globSet(pattern string, b byte, fold bool) (match bool, width int) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return match != negated, i + 1
		}
		if class, rest, ok := setClass(pattern[i:]); ok {
			match = match || class(b) || fold && (class(lower(b)) || class(upper(b)))
			i = len(pattern) - len(rest)
			continue
		}
		low, next := setByte(pattern, i)
		high := low
		if next+1 < len(pattern) && pattern[next] == '-' && pattern[next+1] != ']' {
			high, next = setByte(pattern, next+1)
		}
		match = match || inRange(b, low, high, fold)
		i = next
	}
	return false, 0
}

func inRange(b, low, high byte, fold bool) bool {
	if low <= b && b <= high {
		return true
	}
	return fold && (low <= lower(b) && lower(b) <= high || low <= upper(b) && upper(b) <= high)
}

// setByte reads one byte of a bracket expression at i, quoted or not.
func setByte(pattern string, i int) (b byte, next int) {
	if pattern[i] == '\\' && i+1 < len(pattern) {
		i++
	}
	return pattern[i], i + 1
}

// setClasses are the names that [:name:] takes inside a bracket expression.
var setClasses = map[string]func(byte) bool{
	"alpha":  func(b byte) bool { return lower(b)-'a' < 26 },
	"digit":  func(b byte) bool { return b-'0' < 10 },
	"alnum":  func(b byte) bool { return lower(b)-'a' < 26 || b-'0' < 10 },
	"upper":  func(b byte) bool { return b-'A' < 26 },
	"lower":  func(b byte) bool { return b-'a' < 26 },
	"space":  func(b byte) bool { return b == ' ' || b-'\t' < 5 },
	"blank":  func(b byte) bool { return b == ' ' || b == '\t' },
	"punct":  func(b byte) bool { return b > ' ' && b < 0x7f && lower(b)-'a' >= 26 && b-'0' >= 10 },
	"print":  func(b byte) bool { return b >= ' ' && b < 0x7f },
	"graph":  func(b byte) bool { return b > ' ' && b < 0x7f },
	"cntrl":  func(b byte) bool { return b < ' ' || b == 0x7f },
	"xdigit": func(b byte) bool { return b-'0' < 10 || lower(b)-'a' < 6 },
}

// setClass reads a [:name:] at the start of s.
func setClass(s string) (class func(byte) bool, rest string, ok bool) {
	body, isClass := strings.CutPrefix(s, "[:")
	if !isClass {
		return nil, s, false
	}
	name, rest, closed := strings.Cut(body, ":]")
	class, known := setClasses[name]
	return class, rest, closed && known
}
