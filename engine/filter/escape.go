package filter

import (
	"fmt"
	"strings"
)

// Escape writes a constant so that the parser reads it back: as it is where
// that works, in double quotes otherwise.
func Escape(text string) string {
	if isBareString(text, isBare) {
		return text
	}
	return quote(text)
}

// quote writes text in double quotes.
func quote(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte('"')
	for i := range len(text) {
		writeEscaped(&b, text[i], i == len(text)-1)
	}
	b.WriteByte('"')
	return b.String()
}

func isBareString(text string, c *class) bool {
	for i := range len(text) {
		if !c[text[i]] || text[i] == 0 {
			return false
		}
	}
	return text != ""
}

// simpleEscapes are the one-letter escapes.
var simpleEscapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', '\\': '\\', '/': '/'}

func writeEscaped(b *strings.Builder, c byte, final bool) {
	switch c {
	case '\b':
		b.WriteString(`\b`)
	case '\f':
		b.WriteString(`\f`)
	case '\n':
		b.WriteString(`\n`)
	case '\r':
		b.WriteString(`\r`)
	case '\t':
		b.WriteString(`\t`)
	case '"':
		b.WriteString(`\"`)
	case '\\':
		if final { // \\" would not end the string
			b.WriteString(`\x5c`)
		} else {
			b.WriteString(`\\`)
		}
	default:
		b.WriteByte(c)
	}
}

// Unescape reads a quoted string, quotes included. The error's place is
// relative to the text.
func Unescape(quoted string) (string, error) {
	if n := len(quoted); n < 2 || quoted[0] != quoted[n-1] || quoted[0] != '"' && quoted[0] != '\'' {
		return "", &Error{At: Span{0, len(quoted)}, Message: "expected a quoted string"}
	}
	text, err := unescape(quoted, 0)
	if err != nil {
		return "", err
	}
	return text, nil
}

// unescape reads the quoted string that stands at offset of the source text.
func unescape(quoted string, offset int) (string, *Error) {
	body := quoted[1 : len(quoted)-1]
	if !strings.Contains(body, `\`) {
		return body, nil
	}
	var b strings.Builder
	b.Grow(len(body))
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			b.WriteByte(body[i])
			continue
		}
		c, size, message := unescapeOne(body[i:], quoted[0])
		if message != "" {
			at := offset + 1 + i
			return "", &Error{At: Span{at, at + size}, Message: message, Remedy: `write \\ for a backslash`}
		}
		b.WriteByte(c)
		i += size - 1
	}
	return b.String(), nil
}

// unescapeOne reads the escape that rest begins with and tells its size.
func unescapeOne(rest string, quote byte) (c byte, size int, message string) {
	if len(rest) < 2 {
		return 0, 1, "unsupported string escape sequence: \\"
	}
	switch c := rest[1]; c {
	case 'x':
		return unescapeHex(rest)
	case ' ':
		return '\\', 2, "" // old rules rely on it
	case '"', '\'':
		if c != quote {
			return 0, 2, fmt.Sprintf(`invalid \%c escape in %c-quoted string`, c, quote)
		}
		return c, 2, ""
	default:
		if plain, ok := simpleEscapes[c]; ok {
			return plain, 2, ""
		}
		return 0, 2, fmt.Sprintf(`unsupported string escape sequence: \%c`, c)
	}
}

func unescapeHex(rest string) (c byte, size int, message string) {
	if len(rest) < 4 {
		return 0, len(rest), `\x needs two hexadecimal digits`
	}
	high, ok1 := hexDigit(rest[2])
	low, ok2 := hexDigit(rest[3])
	if !ok1 || !ok2 {
		return 0, 4, `\x needs two hexadecimal digits`
	}
	return high<<4 | low, 4, ""
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
