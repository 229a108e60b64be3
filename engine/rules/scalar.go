package rules

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/diag"
)

// scalar is the text of a YAML scalar and where it was written. The text has
// lost what YAML takes away (quotes, escapes, indentation, folded lines); rng
// finds the way back.
type scalar struct {
	text  string
	src   *source
	at    int // offset of the node: of its tag, anchor, quote or block header if it has one
	style yaml.Style
}

// rng is the place of text[start:end] in the file.
func (s scalar) rng(start, end int) diag.Range {
	raw := s.src.file.Data
	a := aligner{raw: raw, pos: s.body(raw), quote: s.quote()}
	from, to := a.locate(s.text, start, end)
	return diag.Range{File: s.src.file, Start: from, End: max(from, to)}
}

func (s scalar) quote() byte {
	switch {
	case s.style&yaml.DoubleQuotedStyle != 0:
		return '"'
	case s.style&yaml.SingleQuotedStyle != 0:
		return '\''
	}
	return 0
}

// body is the offset at which the scalar's own text begins.
func (s scalar) body(raw []byte) int {
	pos := min(s.at, len(raw))
	for pos < len(raw) && (raw[pos] == '&' || raw[pos] == '!') {
		anchor := raw[pos] == '&'
		for pos++; pos < len(raw) && blankLen(raw[pos:]) == 0 && !(anchor && endsAnchor(raw[pos])); {
			pos++
		}
		pos = skipRemarks(raw, pos)
	}
	switch {
	case s.quote() != 0:
		return pos + 1
	case s.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		for pos < len(raw) && breakLen(raw[pos:]) == 0 {
			pos++
		}
	}
	return pos
}

// aligner walks a scalar as written beside the text that YAML made of it. In
// every style the characters that are not blank stand in the same order in
// both; only blanks are folded, and only quotes and escapes differ. That is
// enough to find the way back without repeating YAML's folding rules.
type aligner struct {
	raw   []byte
	pos   int  // in raw
	quote byte // 0 for plain and block scalars
}

// unit is a stretch of text with its counterpart in raw.
type unit struct {
	text   int  // its length in the text, at least 1
	raw    int  // its length as written
	linear bool // both are the same bytes
}

// locate returns the places of text[start] and of the end of text[:end].
func (a *aligner) locate(text string, start, end int) (from, to int) {
	from, to = -1, -1
	for i := 0; i < len(text) && (from < 0 || i < end); {
		u := a.next(text[i:])
		if from < 0 && i+u.text > start {
			from = a.pos
			if u.linear {
				from += max(0, start-i)
			}
		}
		to = a.pos + u.raw
		if u.linear {
			to = a.pos + min(u.raw, max(0, end-i))
		}
		i += u.text
		a.pos += u.raw
	}
	if from < 0 {
		from = a.pos
	}
	return from, max(from, to)
}

// next moves to what text begins with and measures how much of it belongs
// together. Where the two do not fit it takes all that is left.
func (a *aligner) next(text string) unit {
	a.skipEscapedBreaks()
	if n := a.escape(); n > 0 {
		_, width := utf8.DecodeRuneInString(text)
		return unit{text: width, raw: n}
	}
	if isSpace(text[0]) {
		return a.blank(text)
	}
	a.skipBlanks()
	n := 0
	for n < len(text) && a.pos+n < len(a.raw) && text[n] == a.raw[a.pos+n] && !isSpace(text[n]) &&
		(n == 0 || !a.special(a.raw[a.pos+n])) {
		n++
	}
	if n == 0 {
		if e := a.escape(); e > 0 {
			_, width := utf8.DecodeRuneInString(text)
			return unit{text: width, raw: e}
		}
		return unit{text: len(text)}
	}
	return unit{text: n, raw: n, linear: true}
}

// blank measures a run of blanks: as written where it stays on its line, else
// folded.
func (a *aligner) blank(text string) unit {
	start := a.pos
	breaks := a.skipBlanks()
	raw := a.pos - start
	a.pos = start
	n := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if breaks == 0 {
		n = max(1, min(n, raw))
		return unit{text: n, raw: min(n, raw), linear: raw > 0}
	}
	if a.quote == '"' {
		n = min(n, max(1, breaks-1))
	}
	return unit{text: n, raw: raw}
}

func (a *aligner) special(c byte) bool {
	return c == '\\' && a.quote == '"' || c == '\'' && a.quote == '\''
}

// escape is the length of the escape sequence at pos, or 0.
func (a *aligner) escape() int {
	rest := a.raw[min(a.pos, len(a.raw)):]
	if len(rest) < 2 || !a.special(rest[0]) {
		return 0
	}
	if a.quote == '\'' {
		return 2
	}
	switch rest[1] {
	case 'x':
		return min(4, len(rest))
	case 'u':
		return min(6, len(rest))
	case 'U':
		return min(10, len(rest))
	}
	return 2
}

// skipEscapedBreaks passes line breaks that a backslash takes away, with the
// indentation after them.
func (a *aligner) skipEscapedBreaks() {
	if a.quote != '"' {
		return
	}
	for a.pos+1 < len(a.raw) && a.raw[a.pos] == '\\' && breakLen(a.raw[a.pos+1:]) > 0 {
		a.pos++
		a.skipBlanks()
	}
}

// skipBlanks passes blanks and line breaks, and counts the breaks. Two rare
// line breaks of Unicode stay in the text and are not passed.
func (a *aligner) skipBlanks() (breaks int) {
	for a.pos < len(a.raw) {
		n := breakLen(a.raw[a.pos:])
		switch {
		case n == 1 || n == 2:
			breaks++
			a.pos += n
		case isSpace(a.raw[a.pos]):
			a.pos++
		default:
			return breaks
		}
	}
	return breaks
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// endsAnchor tells which bytes are not part of an anchor's name.
func endsAnchor(c byte) bool {
	return c != '-' && c != '_' && c-'0' >= 10 && (c|0x20)-'a' >= 26
}

// skipRemarks passes blanks, line breaks and remarks.
func skipRemarks(raw []byte, pos int) int {
	for pos < len(raw) {
		n := blankLen(raw[pos:])
		if raw[pos] == '#' {
			for n < len(raw)-pos && breakLen(raw[pos+n:]) == 0 {
				n++
			}
		}
		if n == 0 {
			return pos
		}
		pos += n
	}
	return pos
}

// blankLen is the length of the blank or line break that b begins with, or 0.
func blankLen(b []byte) int {
	if b[0] == ' ' || b[0] == '\t' {
		return 1
	}
	return breakLen(b)
}
