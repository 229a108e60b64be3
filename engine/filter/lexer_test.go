package filter

import "testing"

// Each lexing function takes what it can from the beginning and leaves the rest.
func TestLexer(t *testing.T) {
	token := func(read func(*lexer) (string, bool)) func(*lexer) string {
		return func(l *lexer) string {
			text, ok := read(l)
			if !ok {
				return "(none)"
			}
			return text
		}
	}
	operator := func(l *lexer) (string, bool) {
		op, ok := l.operator()
		return op.text, ok
	}
	call := func(l *lexer) (string, bool) { return l.call(transformers...) }
	for name, tt := range map[string]struct {
		read  func(*lexer) string
		cases [][3]string // text, token, rest
	}{
		"identifier": {token((*lexer).identifier), [][3]string{
			{"abc", "abc", ""},
			{"a_1-b", "a_1", "-b"},
			{"a.b", "a", ".b"},
			{"1a", "(none)", "1a"},
			{"_a", "(none)", "_a"},
			{"", "(none)", ""},
		}},
		"fieldName": {token((*lexer).fieldName), [][3]string{
			{"proc.name", "proc.name", ""},
			{"a.b.c=d", "a.b.c", "=d"},
			{"a.b.", "a.b", "."},
			{"a.b.1", "a.b", ".1"},
			{"a..b", "(none)", "a..b"},
			{"a", "(none)", "a"},
			{"a.", "(none)", "a."},
			{".a", "(none)", ".a"},
			{"é.a", "(none)", "é.a"},
		}},
		"call": {token(call), [][3]string{
			{"len(x)", "len", "x)"},
			{"len (x)", "(none)", "len (x)"},
			{"lend(x)", "(none)", "lend(x)"},
			{"val(x)", "(none)", "val(x)"},
			{"len", "(none)", "len"},
		}},
		"operator": {token(operator), [][3]string{
			{"=a", "=", "a"},
			{"==a", "==", "a"},
			{"!=a", "!=", "a"},
			{"<=1", "<=", "1"},
			{"<1", "<", "1"},
			{"in(a)", "in", "(a)"},
			{"intersects(a)", "intersects", "(a)"},
			{"inside", "in", "side"},
			{"contains a", "contains", " a"},
			{"contains\ta", "contains", "\ta"},
			{"containsa", "(none)", "containsa"},
			{"contains", "(none)", "contains"},
			{"icontains a", "icontains", " a"},
			{"bstartswith 0a", "bstartswith", " 0a"},
			{"existsor", "exists", "or"},
			{"EXISTS", "(none)", "EXISTS"},
			{"!", "(none)", "!"},
		}},
		"modifier": {token((*lexer).modifier), [][3]string{
			{"oneof (a)", "oneof", " (a)"},
			{"anyof\nlist_a", "anyof", "\nlist_a"},
			{"allof android", "allof", " android"},
			{"oneof(a)", "(none)", "oneof(a)"},
			{"oneof", "(none)", "oneof"},
			{"oneof ", "(none)", "oneof "},
			{"oneof and a", "(none)", "oneof and a"},
			{"oneof or a", "(none)", "oneof or a"},
			{"oneof )", "(none)", "oneof )"},
			{"oneofx (a)", "(none)", "oneofx (a)"},
		}},
		"number": {token((*lexer).number), [][3]string{
			{"12", "12", ""},
			{"+1)", "+1", ")"},
			{"-1.5", "-1.5", ""},
			{"1.", "1.", ""},
			{"1.e", "1.", "e"},
			{"1e5", "1", "e5"},
			{"1e+5x", "1e+5", "x"},
			{"1.25E-3", "1.25E-3", ""},
			{"0x1F ", "0x1F", " "},
			{"0Xzz", "0Xzz", ""},
			{"0x", "0", "x"},
			{"0a", "0", "a"},
			{".5", "(none)", ".5"},
			{"+", "(none)", "+"},
			{"", "(none)", ""},
		}},
		"bare string": {token(func(l *lexer) (string, bool) { return l.token(isBare) }), [][3]string{
			{"a-b/c:[d]", "a-b/c:[d]", ""},
			{"a,b", "a", ",b"},
			{"a)b", "a", ")b"},
			{`a"b`, "a", `"b`},
			{"a=b", "a", "=b"},
			{"", "(none)", ""},
			{" a", "(none)", " a"},
		}},
		"bare argument": {token(func(l *lexer) (string, bool) { return l.token(isBareArg) }), [][3]string{
			{"a,b=(c)]", "a,b=(c)", "]"},
			{"[a", "(none)", "[a"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range tt.cases {
				l := &lexer{text: c[0]}
				if got, rest := tt.read(l), c[0][l.pos:]; got != c[1] || rest != c[2] {
					t.Errorf("of %q reads %q and leaves %q, want %q and %q", c[0], got, rest, c[1], c[2])
				}
			}
		})
	}
}

func TestLexerNot(t *testing.T) {
	for text, want := range map[string]int{
		"not a": 4, "not \t\n a": 7, "not": 0, "nota": 0, "not(": 0, "not_a": 0, "no t": 0, "": 0,
	} {
		l := &lexer{text: text}
		if ok := l.not(); l.pos != want || ok != (want > 0) {
			t.Errorf("not of %q: %v, at %d, want %d", text, ok, l.pos, want)
		}
	}
}

func TestLexerQuoted(t *testing.T) {
	for _, tt := range []struct {
		text, want, rest string
		ok               bool
	}{
		{`"a b" c`, "a b", " c", true},
		{`'a "b" c'`, `a "b" c`, "", true},
		{`""`, "", "", true},
		{`"a\"b"`, `a"b`, "", true},
		{`"a\\"b" c`, `a\"b`, " c", true}, // a quote after a backslash never ends the string
		{`"a`, "", `"a`, false},
		{`"a\"`, "", `"a\"`, false},
		{`"`, "", `"`, false},
		{`a"b"`, "", `a"b"`, false},
		{"\"a\x00b\nc\"", "a\x00b\nc", "", true},
	} {
		l := &lexer{text: tt.text}
		got, ok, err := l.quoted()
		if err != nil {
			ok, got, l.pos = false, "", 0
		}
		if got != tt.want || ok != tt.ok || tt.text[l.pos:] != tt.rest {
			t.Errorf("of %s reads %q, %v and leaves %q, want %q, %v and %q", tt.text, got, ok, tt.text[l.pos:], tt.want, tt.ok, tt.rest)
		}
	}
}

// The last token is what messages name; blanks do not count.
func TestLexerRemembersTheLastToken(t *testing.T) {
	l := &lexer{text: "abc  'd e' "}
	l.identifier()
	if l.blank(); l.last != "abc" || l.end != 3 {
		t.Errorf("after a blank the last token is %q, ending at %d", l.last, l.end)
	}
	if _, _, err := l.quoted(); err != nil || l.last != "d e" || l.end != 10 {
		t.Errorf("the last token is %q, ending at %d (%v)", l.last, l.end, err)
	}
	if l.blank(); l.pos != len(l.text) {
		t.Errorf("stopped at %d", l.pos)
	}
	if l.blank() {
		t.Error("a blank at the end of the text")
	}
}
