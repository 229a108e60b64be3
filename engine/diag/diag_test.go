package diag_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/diag"
)

func file(text string) *diag.File { return diag.NewFile("rules.yaml", []byte(text)) }

func TestPosition(t *testing.T) {
	f := file("ab\r\né€c\n\nend")
	for _, test := range []struct{ offset, line, column int }{
		{0, 1, 1}, {2, 1, 3}, {4, 2, 1}, {6, 2, 2}, {9, 2, 3}, {11, 3, 1}, {12, 4, 1}, {15, 4, 4},
		{99, 4, 4}, {-1, 1, 1},
	} {
		if got := f.Position(test.offset); got.Line != test.line || got.Column != test.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", test.offset, got.Line, got.Column, test.line, test.column)
		}
	}
}

func TestLine(t *testing.T) {
	f := file("ab\r\ncd\n")
	for n, want := range map[int]string{0: "", 1: "ab", 2: "cd", 3: "", 4: ""} {
		if got, _ := f.Line(n); string(got) != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
}

func TestRender(t *testing.T) {
	text := "- rule: r\n  condition: a.b = 1\n\tand x\n"
	at := func(part string) diag.Range {
		i := strings.Index(text, part)
		return diag.Range{File: file(text), Start: i, End: i + len(part)}
	}
	rule, macro := diag.Item{Kind: "rule", Name: "Read it"}, diag.Item{Kind: "macro", Name: "m"}
	for _, test := range []struct {
		name string
		d    diag.Diagnostic
		want string
	}{
		{
			"everything",
			diag.Diagnostic{
				Code: diag.CompileCondition, Summary: "no such field a.b", Detail: "First.\nSecond.", Range: at("a.b"),
				Context: []diag.Frame{{Item: macro}, {Item: rule}}, Suggest: "a.c",
			},
			"rules.yaml:2:14: error: no such field a.b [LOAD_ERR_COMPILE_CONDITION]\n" +
				"    2 |   condition: a.b = 1\n" +
				"      |              ^^^\n" +
				"        in macro m, used by rule \"Read it\"\n" +
				"        Did you mean a.c?\n" +
				"        First.\n" +
				"        Second.\n",
		},
		{
			"tabs stay tabs",
			diag.Diagnostic{Severity: diag.Warning, Code: diag.UnusedMacro, Summary: "s", Range: at("x"), Item: rule},
			"rules.yaml:3:6: warning: s [LOAD_UNUSED_MACRO]\n" +
				"    3 | \tand x\n" +
				"      | \t    ^\n" +
				"        in rule \"Read it\"\n",
		},
		{
			"no place",
			diag.Diagnostic{Code: diag.FileRead, Summary: "cannot read"},
			"error: cannot read [LOAD_ERR_FILE_READ]\n",
		},
		{
			"a range over lines ends with its first",
			diag.Diagnostic{Summary: "s", Range: at("1\n\tand")},
			"rules.yaml:2:20: error: s\n    2 |   condition: a.b = 1\n      |                    ^\n",
		},
		{
			"an empty range has a caret",
			diag.Diagnostic{Summary: "s", Range: diag.Range{File: file("ab"), Start: 2, End: 2}},
			"rules.yaml:1:3: error: s\n    1 | ab\n      |   ^\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := (diag.List{test.d}).Write(&b, diag.Options{}); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("got\n%s\nwant\n%s", b.String(), test.want)
			}
		})
	}
}

func TestRenderIsHarmless(t *testing.T) {
	f := file("a\x1b[2J\u202eb\n")
	d := diag.Diagnostic{Summary: "bad \x1b[31mtext", Range: diag.Range{File: f, Start: 0, End: 3}}
	var b strings.Builder
	_ = diag.List{d}.Write(&b, diag.Options{})
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("control characters reach the terminal: %q", b.String())
	}
}

func TestRenderColor(t *testing.T) {
	var b strings.Builder
	_ = diag.List{{Summary: "s", Range: diag.Range{File: file("a"), End: 1}}}.Write(&b, diag.Options{Color: true})
	if !strings.Contains(b.String(), "\x1b[31merror\x1b[0m") {
		t.Errorf("no colour in %q", b.String())
	}
}

func TestLongLineIsCut(t *testing.T) {
	long := strings.Repeat("é", 500) + "HERE" + strings.Repeat("€", 500)
	f := file(long)
	i := strings.Index(long, "HERE")
	var b strings.Builder
	_ = diag.List{{Summary: "s", Range: diag.Range{File: f, Start: i, End: i + 4}}}.Write(&b, diag.Options{Width: 60})
	lines := strings.Split(b.String(), "\n")
	source, caret := []rune(lines[1]), []rune(lines[2])
	at := slices.Index(caret, '^')
	if at < 0 || len(source) > 80 || string(source[at:at+4]) != "HERE" {
		t.Errorf("the caret is not below the place:\n%s", b.String())
	}
}

func TestListOrder(t *testing.T) {
	a, b := file("aaaa"), file("bbbb")
	list := diag.List{
		{Summary: "a2", Range: diag.Range{File: a, Start: 2}},
		{Summary: "b1", Range: diag.Range{File: b, Start: 1}},
		{Summary: "a1 warning", Severity: diag.Warning, Range: diag.Range{File: a, Start: 1}},
		{Summary: "a1", Range: diag.Range{File: a, Start: 1}},
		{Summary: "nowhere"},
	}
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.Summary)
	}
	if want := "nowhere, a1, a1 warning, a2, b1"; strings.Join(got, ", ") != want {
		t.Errorf("order %v", got)
	}
	if len(list.Errors()) != 4 || len(list.Warnings()) != 1 || !list.HasErrors() || list.Warnings().HasErrors() {
		t.Error("severities are mixed up")
	}
	if list.Warnings().Err() != nil || !strings.Contains(list.Err().Error(), "a2") {
		t.Error("Err is about errors only")
	}
}

func TestSuggest(t *testing.T) {
	names := []string{"proc.name", "proc.pname", "proc.cmdline", "fd.name", "open"}
	for _, test := range []struct{ name, want string }{
		{"proc.nmae", "proc.name"}, {"proc.nam", "proc.name"}, {"PROC.NAME", "proc.name"}, {"opne", "open"},
		{"proc.cmdlin", "proc.cmdline"}, {"completely.else", ""}, {"", ""}, {"x", ""}, {"proc.name", "proc.pname"},
	} {
		if got := diag.Suggest(test.name, slices.Values(names)); got != test.want {
			t.Errorf("for %q: %q, want %q", test.name, got, test.want)
		}
	}
}

func sample() diag.List {
	f := file("- rule: r\n  condition: a.b = 1\n")
	return diag.List{
		{
			Code: diag.CompileCondition, Summary: "no <field>", Detail: "Why.", Range: diag.Range{File: f, Start: 23, End: 26},
			Item: diag.Item{Kind: "rule", Name: "r"}, Suggest: "a.c",
			Context: []diag.Frame{{Item: diag.Item{Kind: "macro", Name: "m"}}, {Item: diag.Item{Kind: "rule", Name: "r"}, At: diag.Range{File: f, Start: 8, End: 9}}},
		},
		{Severity: diag.Warning, Code: diag.UnusedMacro, Summary: "unused"},
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Severity, Code, Summary, Suggestion string
		Item                                *diag.Item
		Place                               *struct {
			File       string
			Start, End struct{ Line, Column, Byte int }
		}
		Context []struct{ Kind, Name string }
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	first := got[0]
	if first.Severity != "error" || first.Code != "LOAD_ERR_COMPILE_CONDITION" || first.Suggestion != "a.c" ||
		first.Item.Name != "r" || first.Place.File != "rules.yaml" || first.Place.Start.Line != 2 ||
		first.Place.Start.Column != 14 || first.Place.End.Byte != 26 || len(first.Context) != 2 {
		t.Errorf("got %s", b.String())
	}
	if got[1].Severity != "warning" || got[1].Place != nil || got[1].Item != nil {
		t.Errorf("got %s", b.String())
	}
	if !strings.Contains(b.String(), "no <field>") {
		t.Error("text is escaped for HTML")
	}
}

func TestSARIF(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteSARIF(&b, "lanner"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID               string
						ShortDescription struct{ Text string }
					}
				}
			}
			Results []struct {
				RuleID, Level string
				Message       struct{ Text string }
				Locations     []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn, ByteLength int }
					}
				}
				RelatedLocations []any
			}
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	run := got.Runs[0]
	if got.Version != "2.1.0" || run.Tool.Driver.Name != "lanner" || len(run.Tool.Driver.Rules) != 2 {
		t.Fatalf("got %s", b.String())
	}
	for _, r := range run.Tool.Driver.Rules {
		if r.ShortDescription.Text == "" {
			t.Errorf("code %s has no text", r.ID)
		}
	}
	place := run.Results[0].Locations[0].PhysicalLocation
	if run.Results[0].Level != "error" || place.Region.StartLine != 2 || place.Region.StartColumn != 14 ||
		place.Region.ByteLength != 3 || place.ArtifactLocation.URI != "rules.yaml" {
		t.Errorf("got %s", b.String())
	}
	if len(run.Results[0].RelatedLocations) != 1 || len(run.Results[1].Locations) != 0 {
		t.Errorf("got %s", b.String())
	}
}

func TestCodes(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, info := range diag.Codes() {
		if info.Text == "" || info.Code.Text() != info.Text || seen[info.Code] {
			t.Errorf("%s: %q", info.Code, info.Text)
		}
		seen[info.Code] = true
		if isError := strings.HasPrefix(string(info.Code), "LOAD_ERR_"); isError != (info.Severity == diag.Error) {
			t.Errorf("%s is no %s by its name", info.Code, info.Severity)
		}
	}
	if diag.Code("LOAD_NOTHING").Text() != "" {
		t.Error("an unknown code has a text")
	}
}

func TestTerminalOptions(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	f, err := openNull()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diag.TerminalOptions(f).Color {
		t.Error("colour in spite of NO_COLOR")
	}
}

func openNull() (*os.File, error) { return os.Open(os.DevNull) }
