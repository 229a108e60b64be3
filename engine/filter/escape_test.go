package filter

import "testing"

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"plain", "plain"},
		{`back\slash`, `back\slash`},
		{"", `""`},
		{"a b", `"a b"`},
		{"a,b", `"a,b"`},
		{"a=b", `"a=b"`},
		{"(a)", `"(a)"`},
		{`"a"`, `"\"a\""`},
		{"it's", `"it's"`},
		{"a\tb\nc\rd\be f\f", `"a\tb\nc\rd\be f\f"`},
		{`a b\`, `"a b\x5c"`},
		{`a\"b`, `"a\\\"b"`},
		{"\x00", "\"\x00\""},
		{"a\xff b", "\"a\xff b\""},
	} {
		got := Escape(tt.text)
		if got != tt.want {
			t.Errorf("Escape(%q) = %s, want %s", tt.text, got, tt.want)
		}
		node, err := Parse("a.b = " + got)
		if err != nil {
			t.Errorf("Escape(%q) does not parse: %v", tt.text, err)
			continue
		}
		if value := node.(*Compare).Right.(*Value); value.Text != tt.text {
			t.Errorf("Escape(%q) reads back as %q", tt.text, value.Text)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, tt := range []struct{ quoted, want, err string }{
		{`"plain"`, "plain", ""},
		{`'plain'`, "plain", ""},
		{`"\b\f\n\r\t\\\/"`, "\b\f\n\r\t\\/", ""},
		{`"\""`, `"`, ""},
		{`'\''`, `'`, ""},
		{`"a\ b"`, `a\b`, ""},
		{`"\x41\x00\xFf"`, "A\x00\xff", ""},
		{`"\'"`, "", `invalid \' escape in "-quoted string`},
		{`'\"'`, "", `invalid \" escape in '-quoted string`},
		{`"\q"`, "", `unsupported string escape sequence: \q`},
		{`"\"`, "", `unsupported string escape sequence: \`},
		{`"\x4"`, "", `\x needs two hexadecimal digits`},
		{`"\xg0"`, "", `\x needs two hexadecimal digits`},
		{`plain`, "", "expected a quoted string"},
		{`"`, "", "expected a quoted string"},
		{`"a'`, "", "expected a quoted string"},
	} {
		got, err := Unescape(tt.quoted)
		if tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("Unescape(%s) = %q, %v, want the error %q", tt.quoted, got, err, tt.err)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("Unescape(%s) = %q, %v, want %q", tt.quoted, got, err, tt.want)
		}
	}
}

func TestUnescapeErrorIsInTheSourceText(t *testing.T) {
	const text = `a.b = "ok" and c.d = "no\q"`
	_, err := Parse(text)
	if err == nil {
		t.Fatal("an unknown escape parses")
	}
	if at := err.(*Error).At; text[at.Start:at.End] != `\q` {
		t.Errorf("the error is at %q", text[at.Start:at.End])
	}
}
