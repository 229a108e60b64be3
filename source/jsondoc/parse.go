package jsondoc

import "strings"

// value indexes the value at i, which is not blank, and returns where it ends;
// -1 after an error.
func (d *Document) value(i int) int {
	if i >= len(d.text) {
		return d.fail(i, "a value is missing")
	}
	if len(d.tape) >= maxValues {
		return d.fail(i, "the document has too many values")
	}
	switch c := d.text[i]; {
	case c == '"':
		return d.quoted(i)
	case c == '{':
		return d.nested(i, Object)
	case c == '[':
		return d.nested(i, Array)
	case c == '-' || c >= '0' && c <= '9':
		return d.number(i)
	}
	return d.word(i)
}

// add appends an entry that has nothing in it.
func (d *Document) add(kind Kind, start, end int, f flags) int {
	d.tape = append(d.tape, entry{uint32(start), uint32(end), uint32(len(d.tape) + 1), kind, f})
	return end
}

// nested indexes an array or object.
func (d *Document) nested(i int, kind Kind) int {
	if d.depth == MaxDepth {
		return d.fail(i, "the document is nested too deeply")
	}
	at := len(d.tape)
	d.add(kind, i, 0, 0)
	d.depth++
	var end int
	var blanks bool
	if kind == Object {
		end, blanks = d.members(i + 1)
	} else {
		end, blanks = d.items(i + 1)
	}
	d.depth--
	if end < 0 {
		return -1
	}
	e := &d.tape[at]
	e.end, e.next = uint32(end), uint32(len(d.tape))
	if blanks {
		e.flags = spaced
	}
	return end
}

// items indexes what is between brackets, the closing one included, and tells
// whether there are blanks in it.
func (d *Document) items(i int) (end int, blanks bool) {
	from := i
	i = d.blanks(i)
	if i < len(d.text) && d.text[i] == ']' {
		return i + 1, i > from
	}
	for {
		blanks = blanks || i > from
		first := len(d.tape)
		if i = d.value(i); i < 0 {
			return -1, false
		}
		blanks = blanks || d.tape[first].flags&spaced != 0
		more, next := d.separator(i, ']')
		if next < 0 {
			return -1, false
		}
		blanks = blanks || next > i+1
		if !more {
			return next, blanks
		}
		from = next
		i = d.blanks(next)
	}
}

// members indexes what is between braces, as items does for brackets.
func (d *Document) members(i int) (end int, blanks bool) {
	from := i
	i = d.blanks(i)
	if i < len(d.text) && d.text[i] == '}' {
		return i + 1, i > from
	}
	for {
		blanks = blanks || i > from
		colon := d.name(i)
		if colon < 0 {
			return -1, false
		}
		at := d.blanks(colon + 1)
		blanks = blanks || at > colon+1 || d.text[colon-1] != '"'
		first := len(d.tape)
		if i = d.value(at); i < 0 {
			return -1, false
		}
		blanks = blanks || d.tape[first].flags&spaced != 0
		more, next := d.separator(i, '}')
		if next < 0 {
			return -1, false
		}
		blanks = blanks || next > i+1
		if !more {
			return next, blanks
		}
		from = next
		i = d.blanks(next)
	}
}

// name indexes a member's name and returns where its colon is.
func (d *Document) name(i int) int {
	if i >= len(d.text) || d.text[i] != '"' {
		return d.fail(i, "a name in quotes is missing")
	}
	if i = d.quoted(i); i < 0 {
		return -1
	}
	if i = d.blanks(i); i >= len(d.text) || d.text[i] != ':' {
		return d.fail(i, "a colon is missing after the name")
	}
	return i
}

// separator reads the comma or the closing bracket behind a value.
func (d *Document) separator(i int, closing byte) (more bool, next int) {
	if i = d.blanks(i); i < len(d.text) {
		switch d.text[i] {
		case ',':
			return true, i + 1
		case closing:
			return false, i + 1
		}
	}
	return false, d.fail(i, "a comma or '"+string(rune(closing))+"' is missing")
}

// blanks is the first place from i that is not blank.
func (d *Document) blanks(i int) int {
	for i < len(d.text) {
		switch d.text[i] {
		case ' ', '\n', '\t', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// quoted indexes the string that begins at i. Escapes are checked here, so that
// reading it cannot fail.
func (d *Document) quoted(i int) int {
	var f flags
	text := d.text
	for at := i + 1; at < len(text); at++ {
		switch text[at] {
		case '"':
			return d.add(String, i, at+1, f)
		case '\\':
			f = escaped
			n := escapeLen(text[at:])
			if n == 0 {
				return d.fail(at, "the escape is not valid")
			}
			at += n - 1
		}
	}
	return d.fail(len(text), "the string does not end")
}

// escapeLen is the length of the escape that text begins with, 0 for none.
func escapeLen(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) >= 6 && isHex(text[2]) && isHex(text[3]) && isHex(text[4]) && isHex(text[5]) {
			return 6
		}
	}
	return 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// number indexes a number; what it is worth is not looked at.
func (d *Document) number(i int) int {
	end := i + 1
	for end < len(d.text) && isNumeric(d.text[end]) {
		end++
	}
	if end == i+1 && d.text[i] == '-' {
		return d.fail(i, "digits are missing after '-'")
	}
	return d.add(Number, i, end, 0)
}

func isNumeric(c byte) bool {
	switch c {
	case '+', '-', '.', 'e', 'E':
		return true
	}
	return c >= '0' && c <= '9'
}

// words are the values that are words.
var words = [...]struct {
	text string
	kind Kind
}{{"true", True}, {"false", False}, {"null", Null}}

func (d *Document) word(i int) int {
	for _, w := range words {
		if strings.HasPrefix(d.text[i:], w.text) {
			return d.add(w.kind, i, i+len(w.text), 0)
		}
	}
	return d.fail(i, "a value is missing")
}
