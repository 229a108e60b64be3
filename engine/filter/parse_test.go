package filter

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParsePrintsCanonically(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a", "a"},
		{"  ( a )  ", "a"},
		{"a and b or c and d", "((a and b) or (c and d))"},
		{"a or b and c", "(a or (b and c))"},
		{"a and(b)or(c)", "((a and b) or c)"},
		{"not a and b", "(not a and b)"},
		{"not not a", "a"},
		{"not(not a)", "not (not a)"},
		{"notz and nota", "(notz and nota)"},
		{"proc.name=nginx", "proc.name = nginx"},
		{"proc.name == nginx", "proc.name == nginx"},
		{"proc.name = 'a b'", `proc.name = "a b"`},
		{"proc.name = ''", `proc.name = ""`},
		{"proc.name in(a,b , 'c d')", `proc.name in (a, b, "c d")`},
		{"proc.name in ()", "proc.name in ()"},
		{"proc.name in shells", "proc.name in shells"},
		{"proc.name exists", "proc.name exists"},
		{"fd.num >= -1.5e+10", "fd.num >= -1.5e+10"},
		{"fd.num < 0xFf", "fd.num < 0xFf"},
		{"proc.aname[2] = sshd", "proc.aname[2] = sshd"},
		{"proc.aenv['A B'] = x", `proc.aenv["A B"] = x`},
		{`proc.aenv[""] = x`, `proc.aenv[""] = x`},
		{"fd.name = val(proc.exepath)", "fd.name = val(proc.exepath)"},
		{"tolower( proc.name ) = x", "tolower(proc.name) = x"},
		{`join("-", (fd.name , proc.name)) = x`, "join(-,(fd.name, proc.name)) = x"},
		{`join("a", ()) = x`, `join("a",()) = x`},
		{`concat(proc.name, "a.b", 1.5) = x`, `concat(proc.name,"a.b",1.5) = x`},
		{`getopt(proc.args, "nt:")["t"] = v`, "getopt(proc.args,nt:)[t] = v"},
		{"proc.name == oneof (a, b)", "proc.name == oneof (a, b)"},
		{"proc.name == oneof shells", "proc.name == oneof shells"},
		{"proc.name == oneof and a", "(proc.name == oneof and a)"},
		{"(proc.name = allof)", "proc.name = allof"},
		{"evt.source regex syscall\\.*", "evt.source regex syscall\\.*"},
	} {
		node, err := Parse(tt.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := Print(node); got != tt.want {
			t.Errorf("Print(Parse(%q)) = %q, want %q", tt.text, got, tt.want)
		}
		checkRoundTrip(t, tt.text)
	}
}

// checkRoundTrip parses what Print made of text and wants the same tree.
func checkRoundTrip(t *testing.T, text string) {
	t.Helper()
	first, err := Parse(text)
	if err != nil {
		return
	}
	printed := Print(first)
	second, err := Parse(printed)
	if err != nil {
		t.Fatalf("%q prints as %q, which does not parse: %v", text, printed, err)
	}
	if again := Print(second); again != printed {
		t.Fatalf("%q prints as %q, then as %q", text, printed, again)
	}
	if !reflect.DeepEqual(withoutPlaces(first), withoutPlaces(second)) {
		t.Fatalf("%q and its print %q are different trees", text, printed)
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct {
		text    string
		at      Span
		message string
		remedy  string // or the suggestion
	}{
		{"", Span{}, "filter input string is empty", "write a condition"},
		{"a.b", Span{3, 3}, "expected a valid check operator", ""},
		{"a.b contain x", Span{4, 11}, "expected a valid check operator", "contains"},
		{"a b", Span{2, 3}, "unexpected token after 'a', expecting 'or', 'and'", ""},
		{"a)", Span{1, 2}, "unexpected token after 'a', expecting 'or', 'and'", "closes nothing"},
		{"lower(proc.name) = x", Span{5, 6}, "unexpected token after 'lower'", "only a transformer"},
		{"a andb", Span{5, 6}, "expected blank or '(' after 'and'", ""},
		{"a or", Span{4, 4}, "expected blank or '(' after 'or'", ""},
		{"a or ", Span{5, 5}, "expected a '(' token, a field check, or an identifier", ""},
		{"(a", Span{2, 2}, "expected a ')' token", "before: a"},
		{"b and ( a and c.d = e or something", Span{34, 34}, "expected a ')' token", "before: a and c.d = e or somethi…"},
		{"a.b[] = x", Span{4, 5}, "expected a valid field argument: a quoted string or a bare string", ""},
		{"a.b[x = x", Span{5, 6}, "expected a ']' token", ""},
		{"a.b = (x)", Span{6, 7}, "expected a string value", ""},
		{"a.b = 'x", Span{6, 7}, "expected a string value", "no closing quote"},
		{"a.b > x", Span{6, 7}, "expected a number value", ""},
		{"a.b in", Span{6, 6}, "expected a list, an identifier", ""},
		{"a.b in (x", Span{9, 9}, "expected a ')' token", ""},
		{"a.b in (x,)", Span{10, 11}, "expected a string value", ""},
		{"a.b = val(x)", Span{10, 11}, "expected a field within 'val' transformer", ""},
		{"tolower(a.b = x", Span{12, 13}, "expected a ')' token", ""},
		{"tolower(name) = x", Span{8, 12}, "expected a field, a transformer", ""},
		{`a.b = "x\q"`, Span{8, 10}, `unsupported string escape sequence: \q`, `write \\ for a backslash`},
	} {
		_, err := Parse(tt.text)
		var parseError *Error
		if !errors.As(err, &parseError) {
			t.Errorf("Parse(%q) = %v, want an *Error", tt.text, err)
			continue
		}
		if parseError.At != tt.at || !strings.HasPrefix(parseError.Message, tt.message) ||
			!strings.Contains(parseError.Remedy+parseError.Suggest, tt.remedy) {
			t.Errorf("Parse(%q) = %+v, want %v %q %q", tt.text, *parseError, tt.at, tt.message, tt.remedy)
		}
	}
}

func TestParsePlaces(t *testing.T) {
	const text = "not proc.name = cat and (fd.name in (a, 'b c') or tolower(proc.aname[2]) != oneof (x))"
	node, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(node, func(n Node) bool {
		got = append(got, text[n.Span().Start:n.Span().End])
		return true
	})
	Operands(node, func(o Operand) { got = append(got, text[o.Span().Start:o.Span().End]) })
	want := []string{
		text,
		"not proc.name = cat",
		"proc.name = cat",
		"fd.name in (a, 'b c') or tolower(proc.aname[2]) != oneof (x)",
		"fd.name in (a, 'b c')",
		"tolower(proc.aname[2]) != oneof (x)",
		"proc.name", "cat",
		"fd.name", "(a, 'b c')",
		"tolower(proc.aname[2])", "proc.aname[2]", "(x)",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("places:\n got %q\nwant %q", got, want)
	}
}

func TestParseBounds(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "a" + strings.Repeat(")", n) }
	if _, err := Parse(deep(19)); err != nil {
		t.Errorf("19 parentheses: %v", err)
	}
	for name, text := range map[string]string{
		"parentheses":  deep(20),
		"hostile":      strings.Repeat("(", MaxLength),
		"nots":         strings.Repeat("not(", MaxLength/4),
		"transformers": strings.Repeat("len(", MaxLength/4),
	} {
		_, err := Parse(text)
		if err == nil || err.Error() != "exceeded max depth limit of 100" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Parse(strings.Repeat("a", MaxLength+1)); err == nil {
		t.Error("a condition longer than MaxLength parses")
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{
		"rule": "evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.typechar='f' and fd.num>=0 " +
			"and (fd.name startswith /etc or fd.directory in (/root/.ssh, \"/home/a b\")) and not proc.name in (sshd, tar)",
		"ors":     strings.Repeat("a or ", 1<<16) + "a",
		"list":    "a.b in (" + strings.Repeat("x,", 1<<16) + "x)",
		"escapes": "a.b = \"" + strings.Repeat("\\\"", 1<<16),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(text)
			}
		})
	}
}
