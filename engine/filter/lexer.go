package filter

import "strings"

// lexer reads tokens on demand: what a word means depends on where it stands,
// so the parser asks for the tokens that it can use.
type lexer struct {
	text string
	pos  int
	end  int    // end of the last token, before any blanks
	last string // the last token, for messages
}

// class is a set of bytes.
type class [256]bool

func classOf(members string) *class {
	var c class
	for i := range len(members) {
		c[members[i]] = true
	}
	return &c
}

func (c *class) inverse() *class {
	var inv class
	for i := range c {
		inv[i] = !c[i]
	}
	return &inv
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
	blanks  = " \t\b\r\n"
)

var (
	isBlank    = classOf(blanks)
	isLetter   = classOf(letters)
	isDigit    = classOf(digits)
	isAlnum    = classOf(letters + digits)
	isWord     = classOf(letters + digits + "_")
	isBare     = classOf(blanks + `(),="'`).inverse()
	isBareArg  = classOf(blanks + `[]"'`).inverse()
	isBareItem = classOf(blanks + `()[],="'`).inverse() // in a transformer's arguments
)

// accept ends a token at end.
func (l *lexer) accept(end int) string {
	l.last = l.text[l.pos:end]
	l.pos, l.end = end, end
	return l.last
}

// blank skips blanks and tells whether there were any.
func (l *lexer) blank() bool {
	start := l.pos
	l.pos = l.run(l.pos, isBlank)
	return l.pos > start
}

// run is the end of the run of c that starts at i.
func (l *lexer) run(i int, c *class) int {
	for i < len(l.text) && c[l.text[i]] {
		i++
	}
	return i
}

// literal reads exactly s.
func (l *lexer) literal(s string) bool {
	if !strings.HasPrefix(l.text[l.pos:], s) {
		return false
	}
	l.accept(l.pos + len(s))
	return true
}

// token reads a run of c.
func (l *lexer) token(c *class) (string, bool) {
	end := l.run(l.pos, c)
	if end == l.pos {
		return "", false
	}
	return l.accept(end), true
}

// identifierEnd is the end of the identifier at i, or i.
func (l *lexer) identifierEnd(i int) int {
	if i >= len(l.text) || !isLetter[l.text[i]] {
		return i
	}
	return l.run(i, isWord)
}

// identifier reads a macro's or list's name.
func (l *lexer) identifier() (string, bool) {
	end := l.identifierEnd(l.pos)
	if end == l.pos {
		return "", false
	}
	return l.accept(end), true
}

// fieldName reads two or more identifiers with dots between them.
func (l *lexer) fieldName() (string, bool) {
	first := l.identifierEnd(l.pos)
	if first == l.pos {
		return "", false
	}
	end := first
	for end < len(l.text) && l.text[end] == '.' {
		next := l.identifierEnd(end + 1)
		if next == end+1 {
			break
		}
		end = next
	}
	if end == first {
		return "", false
	}
	return l.accept(end), true
}

// call reads one of names with the parenthesis that must touch it.
func (l *lexer) call(names ...string) (string, bool) {
	end := l.identifierEnd(l.pos)
	if end == l.pos || end >= len(l.text) || l.text[end] != '(' {
		return "", false
	}
	for _, name := range names {
		if l.text[l.pos:end] == name {
			l.accept(end + 1)
			return name, true
		}
	}
	return "", false
}

// not reads "not" and the blanks after it; a word that only begins so is a name.
func (l *lexer) not() bool {
	rest := l.text[l.pos:]
	if len(rest) < 4 || rest[:3] != "not" || !isBlank[rest[3]] {
		return false
	}
	l.accept(l.pos + 3)
	l.blank()
	return true
}

// operator reads an operator of any class.
func (l *lexer) operator() (operatorSyntax, bool) {
	for _, op := range operators {
		if !strings.HasPrefix(l.text[l.pos:], op.text) {
			continue
		}
		end := l.pos + len(op.text)
		if op.word && (end >= len(l.text) || !isBlank[l.text[end]]) {
			continue
		}
		l.accept(end)
		return op, true
	}
	return operatorSyntax{}, false
}

// modifier reads oneof, anyof or allof. Each is also a legal constant, so it
// counts as a modifier only where a list or a list's name follows.
func (l *lexer) modifier() (string, bool) {
	for _, name := range modifiers {
		if !strings.HasPrefix(l.text[l.pos:], name) {
			continue
		}
		end := l.pos + len(name)
		next := l.run(end, isBlank)
		if next == end || !l.listAt(next) {
			return "", false
		}
		return l.accept(end), true
	}
	return "", false
}

// listAt tells whether a list or the name of one begins at i.
func (l *lexer) listAt(i int) bool {
	if i < len(l.text) && l.text[i] == '(' {
		return true
	}
	name := l.text[i:l.identifierEnd(i)]
	return name != "" && name != "and" && name != "or"
}

// number reads a decimal or hexadecimal number.
func (l *lexer) number() (string, bool) {
	end := l.hexEnd()
	if end == l.pos {
		end = l.decimalEnd()
	}
	if end == l.pos {
		return "", false
	}
	return l.accept(end), true
}

// hexEnd takes letters beyond f too: whether they make a number is the
// compiler's business, and its message is better than a lexer's.
func (l *lexer) hexEnd() int {
	rest := l.text[l.pos:]
	if len(rest) < 3 || rest[0] != '0' || rest[1] != 'x' && rest[1] != 'X' || !isAlnum[rest[2]] {
		return l.pos
	}
	return l.run(l.pos+2, isAlnum)
}

func (l *lexer) decimalEnd() int {
	i := l.pos
	if i < len(l.text) && (l.text[i] == '+' || l.text[i] == '-') {
		i++
	}
	end := l.run(i, isDigit)
	if end == i {
		return l.pos
	}
	if end < len(l.text) && l.text[end] == '.' {
		end = l.run(end+1, isDigit)
	}
	return l.exponentEnd(end)
}

// exponentEnd is the end of an exponent at i, or i. Its sign is not optional.
func (l *lexer) exponentEnd(i int) int {
	rest := l.text[i:]
	if len(rest) < 3 || rest[0] != 'e' && rest[0] != 'E' || rest[1] != '+' && rest[1] != '-' || !isDigit[rest[2]] {
		return i
	}
	return l.run(i+2, isDigit)
}

// quoted reads a quoted string and unescapes it. It ends at the first equal
// quote that no backslash precedes, even if that backslash is escaped itself:
// so does the reference implementation, and rules rely on what it accepts.
func (l *lexer) quoted() (string, bool, *Error) {
	if l.pos >= len(l.text) || l.text[l.pos] != '"' && l.text[l.pos] != '\'' {
		return "", false, nil
	}
	for i := l.pos + 1; i < len(l.text); i++ {
		if l.text[i] != l.text[l.pos] || l.text[i-1] == '\\' && i-1 > l.pos {
			continue
		}
		start := l.pos
		text, err := unescape(l.accept(i+1), start)
		l.last = text
		return text, true, err
	}
	return "", false, nil
}
