package jsondoc

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/lannersec/lanner/engine/event"
)

// Text is the value as rules see it: a string without quotes and escapes,
// anything else as JSON without blanks, names, numbers and escapes as they
// stand. It is valid until s is reset or the document parses another text.
func (n Node) Text(s *event.Scratch) string {
	if n.doc == nil {
		return ""
	}
	e := n.entry()
	switch {
	case e.kind == String && e.flags&escaped == 0:
		return n.doc.text[e.start+1 : e.end-1]
	case e.kind == String:
		raw := n.doc.text[e.start+1 : e.end-1]
		return s.Text(appendUnescaped(s.Buffer(len(raw)), raw))
	case e.flags&spaced != 0:
		return s.Text(n.appendCompact(s.Buffer(int(e.end - e.start))))
	}
	return n.doc.text[e.start:e.end]
}

// Value is Text as a value; Missing where the Node is not there.
func (n Node) Value(s *event.Scratch) event.Value {
	if n.doc == nil {
		return event.Value{}
	}
	return event.Text(n.Text(s))
}

// Equal tells whether the value is the string s.
func (n Node) Equal(s string) bool {
	return n.Kind() == String && n.doc.named(n.entry(), s)
}

// named tells whether a string reads s.
func (d *Document) named(e *entry, s string) bool {
	raw := d.text[e.start+1 : e.end-1]
	if e.flags&escaped == 0 {
		return raw == s
	}
	var room [64]byte
	return string(appendUnescaped(room[:0], raw)) == s
}

// appendCompact appends the value without the blanks between its parts.
func (n Node) appendCompact(b []byte) []byte {
	raw := n.Raw()
	for raw != "" {
		i := strings.IndexAny(raw, "\" \t\r\n")
		if i < 0 {
			return append(b, raw...)
		}
		b = append(b, raw[:i]...)
		if raw[i] != '"' {
			raw = raw[i+1:]
			continue
		}
		end := i + quotedLen(raw[i:])
		b = append(b, raw[i:end]...)
		raw = raw[end:]
	}
	return b
}

// quotedLen is the length of the string that raw, which is valid, begins with.
func quotedLen(raw string) int {
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// appendUnescaped appends the text that raw, whose escapes are valid, stands for.
func appendUnescaped(b []byte, raw string) []byte {
	for {
		i := strings.IndexByte(raw, '\\')
		if i < 0 {
			return append(b, raw...)
		}
		b = append(b, raw[:i]...)
		if raw[i+1] != 'u' {
			b = append(b, plainEscape(raw[i+1]))
			raw = raw[i+2:]
			continue
		}
		r, n := unicodeEscape(raw[i:])
		b = utf8.AppendRune(b, r)
		raw = raw[i+n:]
	}
}

func plainEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unicodeEscape decodes \uXXXX, or two of them that are a surrogate pair; half a
// pair becomes U+FFFD.
func unicodeEscape(raw string) (r rune, n int) {
	r = hex4(raw[2:6])
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(raw[8:12])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(digits string) rune {
	var r rune
	for i := range 4 {
		c := rune(digits[i])
		if c >= 'A' {
			c = c | 0x20 - 'a' + 10
		} else {
			c -= '0'
		}
		r = r<<4 | c
	}
	return r
}
