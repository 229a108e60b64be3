package filter

import "testing"

// seeds are conditions of every shape, right and wrong.
var seeds = []string{
	"evt.type in (open, openat) and not proc.name exists or (a and not(b))",
	`fd.name = "some \"path\"\x41" and proc.aname[2] startswith oneof ('a b', c)`,
	`join("-", (fd.name, tolower(proc.name), "x", 1)) != val(proc.aenv["A B"])`,
	`getopt(proc.args, "nt:")[t] = value`,
	`concat(proc.name, "a.b", 'name', 0x1F) pmatch (/a, '/b c')`,
	"a.b = oneof and c.d == anyof list_name or e.f <= -1.5e+10",
	"not not not(not not a)",
	"a.b = 'x\\' and",
	"((((a.b in (", "a.b[", "len(len(len(", "a.b = \"\\x", "\x00\xff", "not(", "or",
	"a.b = \"a\\\\\\ \"",
}

// FuzzParse wants no panic, places inside the text, and that the print of a
// tree reads back as the same tree.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		node, err := Parse(text)
		if err != nil {
			checkPlace(t, text, err.(*Error).At)
			return
		}
		Walk(node, func(n Node) bool {
			checkPlace(t, text, n.Span())
			return true
		})
		Operands(node, func(o Operand) { checkPlace(t, text, o.Span()) })
		checkRoundTrip(t, text)
	})
}

func checkPlace(t *testing.T, text string, at Span) {
	t.Helper()
	if at.Start < 0 || at.End < at.Start || at.End > len(text) {
		t.Fatalf("place %v is not in the %d bytes of %q", at, len(text), text)
	}
}

// FuzzEscape wants that every constant can be written and read back.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "a", `\`, `a b\`, "'\"", "\x00", "a\xff,", "val(a.b)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		node, err := Parse("a.b in (" + Escape(text) + ")")
		if err != nil {
			t.Fatalf("Escape(%q) = %s: %v", text, Escape(text), err)
		}
		values := node.(*Compare).Right.(*List).Values
		if len(values) != 1 || values[0].Text != text {
			t.Fatalf("Escape(%q) = %s reads back as %v", text, Escape(text), values)
		}
	})
}
