package ruletest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func parseOne(t *testing.T, text string) Step {
	t.Helper()
	s := Parse("x.test", []byte(text))
	if len(s.Failures) > 0 {
		t.Fatalf("%q: %v", text, s.Failures)
	}
	if len(s.Chunks) != 1 || len(s.Chunks[0].Steps) != 1 {
		t.Fatalf("%q: got %+v, want one step", text, s.Chunks)
	}
	return s.Chunks[0].Steps[0]
}

func TestParseStatement(t *testing.T) {
	for text, want := range map[string]Step{
		"rules default ./my.yaml":              &LoadRules{at: 1, Files: []string{"default", "./my.yaml"}},
		"rules:\n  - list: a\n    items: [b]":  &LoadRules{at: 1, Text: "  - list: a\n    items: [b]\n", TextLine: 2},
		`only "Read a file"`:                   &Only{1, []string{"Read a file"}},
		"set matching=all":                     &Set{1, []Attr{{Key: "matching", Value: "all"}}},
		"user alice uid=1000":                  &Declare{1, "user", "alice", []Attr{{Key: "uid", Value: "1000"}}},
		"container web privileged image='a:b'": &Declare{1, "container", "web", []Attr{{Key: "privileged", Value: "true"}, {Key: "image", Value: "a:b"}}},
		"cat: openat path=/etc/shadow # why":   &Act{1, "cat", "openat", []Attr{{Key: "path", Value: "/etc/shadow"}}},
		"sh: execve args=\"-c 'id; ls'\"\n  tty=1\n  # note\n": &Act{1, "sh", "execve", []Attr{
			{Key: "args", Value: "-c 'id; ls'"}, {Key: "tty", Value: "1"}}},
		"event k8s_audit:\n  {\"verb\": \"get\"}":        &Feed{1, "k8s_audit", "", "  {\"verb\": \"get\"}\n"},
		"event github push:\n  {}":                       &Feed{1, "github", "push", "  {}\n"},
		"replay a.scap":                                  &Replay{1, "a.scap"},
		"wait 1.5s":                                      &Wait{1, 1500 * time.Millisecond},
		"expect silent":                                  &ExpectSilent{1},
		`expect true proc.name = cat and evt.arg.x="a"`:  &ExpectTruth{1, true, `proc.name = cat and evt.arg.x="a"`},
		`expect value a.b[^/(x|y) =]=z`:                  &ExpectValue{1, FieldWant{Field: "a.b[^/(x|y) =]", Text: "z"}},
		"expect missing proc.aname[3]":                   &ExpectValue{1, FieldWant{Field: "proc.aname[3]", Missing: true}},
		`expect value fd.name="/a b"`:                    &ExpectValue{1, FieldWant{Field: "fd.name", Text: "/a b"}},
		`expect fire "A rule" count=2 {proc.tty=1 !a.b}`: &ExpectFire{at: 1, Rule: "A rule", Count: 2, Fields: []FieldWant{{Field: "proc.tty", Text: "1"}, {Field: "a.b", Missing: true}}},
	} {
		if got := parseOne(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\n got %+v\nwant %+v", text, got, want)
		}
	}
}

func TestParseChunksAreIndependent(t *testing.T) {
	s := Parse("x.test", []byte("# only a comment\n---\nwait 1s\n---\n\nwait 2s\nwait 3s\n"))
	if len(s.Failures) > 0 || len(s.Chunks) != 2 {
		t.Fatalf("got %+v %v, want two chunks", s.Chunks, s.Failures)
	}
	if s.Chunks[0].Line != 3 || s.Chunks[1].Line != 6 || len(s.Chunks[1].Steps) != 2 {
		t.Errorf("got %+v", s.Chunks)
	}
}

func TestParseMarker(t *testing.T) {
	s := Parse("x.test", []byte("rules:\n  - rule: a ### `no \"x\"`\n    b: c\nwait 1s   ### \"a\\\"b\"\n"))
	if len(s.Markers) != 2 || s.Markers[0].Line != 2 || s.Markers[1].Line != 4 {
		t.Fatalf("got %+v", s.Markers)
	}
	if !s.Markers[0].Pattern.MatchString(`no "x"`) || !s.Markers[1].Pattern.MatchString(`a"b`) {
		t.Errorf("patterns are not unquoted: %v", s.Markers)
	}
	if got := s.Chunks[0].Steps[0].(*LoadRules).Text; got != "  - rule: a\n    b: c\n" {
		t.Errorf("the marker stays in the rules: %q", got)
	}
}

// TestParseErrors holds one mistake each: its line, and what is said of it.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"\nhello world", 2, `unknown statement "hello"`},
		{"  indented", 1, "there is none"},
		{"rules:", 1, "indented lines"},
		{"rules", 1, "rules wants files"},
		{"only", 1, "names of rules"},
		{"wait long", 1, "no duration"},
		{"wait -1s", 1, "no duration"},
		{"wait", 1, "wants a duration"},
		{"replay", 1, "wants a capture"},
		{"replay a b", 1, "wants a capture"},
		{"process", 1, "process wants a name"},
		{"a:", 1, "wants a name"},
		{"a: open x=\"b", 1, "does not end"},
		{"a: open x='b", 1, "does not end"},
		{`a: open x="\q"`, 1, "does not end"},
		{"a: open /etc", 1, "want key=value"},
		{"event k8s_audit", 1, "JSON"},
		{"expect", 1, "expect is followed by"},
		{"expect nothing", 1, `not by "nothing"`},
		{"expect silent now", 1, "takes nothing more"},
		{"expect fire", 1, "wants the rule's name"},
		{"expect fire {a=b}", 1, "wants the rule's name"},
		{"expect fire a count=0", 1, "from 1"},
		{"expect fire a when=now", 1, "takes count"},
		{"expect fire a {b=c", 1, "not closed"},
		{"expect fire a {b={c}}", 1, "do not nest"},
		{"expect fire a {b~(}", 1, "no regular expression"},
		{"expect fire a {b}", 1, "want field=value"},
		{"expect true", 1, "wants a condition"},
		{"expect value a b", 1, "expect value wants"},
		{"expect missing", 1, "wants a field"},
		{"wait 1s ### (", 1, "marker reads"},
		{"wait 1s ### \"(\"", 1, "marker holds no regular"},
	} {
		s := Parse("x.test", []byte(c.text))
		if len(s.Failures) == 0 {
			t.Errorf("%q: accepted, want %q", c.text, c.want)
			continue
		}
		if f := s.Failures[0]; f.Line != c.line || !strings.Contains(f.Message, c.want) {
			t.Errorf("%q: got %v, want line %d %q", c.text, f, c.line, c.want)
		}
	}
}

func TestParseTooLarge(t *testing.T) {
	s := Parse("x.test", make([]byte, maxScript+1))
	if len(s.Failures) != 1 || len(s.Chunks) != 0 {
		t.Errorf("got %v, want one failure", s.Failures)
	}
}

func FuzzParse(f *testing.F) {
	for _, dir := range []string{"testdata", "../../rules/testdata"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.test"))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Add([]byte("a: b c=\"\\\n---\n  x\nexpect fire \"r\" {a=b !c d~e} ### \"x\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := Parse("fuzz.test", text)
		lines := strings.Count(string(text), "\n") + 1
		for _, failure := range s.Failures {
			if failure.Line < 1 || failure.Line > lines {
				t.Errorf("a failure outside the script: %v", failure)
			}
		}
	})
}
