package ruletest

import (
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

func TestScripts(t *testing.T) { Run(t, "testdata/*.test", Options{}) }

const openedRule = `rules:
  - rule: Opened
    desc: d
    condition: evt.type = openat and fd.name startswith /etc/
    output: opened %fd.name
    priority: INFO
process cat
`

// TestFailures proves without the help of markers that what is wrong is
// reported, once and on its line.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   []string
	}{
		"right": {"cat: openat path=/etc/a\nexpect fire Opened\n", nil},
		"silence is wrong": {"cat: openat path=/etc/a\nexpect silent\n",
			[]string{`x.test:9: "Opened" fired on line 8: opened /etc/a`}},
		"nothing is expected": {"cat: openat path=/etc/a\n",
			[]string{`x.test:8: "Opened" fired and was not expected: opened /etc/a`}},
		"nothing fires": {"cat: openat path=/tmp/a\nexpect fire Opened\n",
			[]string{`x.test:9: "Opened" fired never, want once; nothing else fired`}},
		"another field": {"cat: openat path=/etc/a\nexpect fire Opened {fd.name=/etc/b}\n",
			[]string{`x.test:9: "Opened" fired on line 8, but fd.name is "/etc/a", want "/etc/b"`}},
		"a marker in vain": {"cat: openat path=/etc/a\nexpect fire Opened ### \"nothing\"\n",
			[]string{`x.test:9: no error matches "nothing" here`}},
		"a marker for another error": {"cat: openat path=/etc/a\nexpect silent ### \"nothing\"\n",
			[]string{`x.test:9: "Opened" fired on line 8: opened /etc/a`, `x.test:9: no error matches "nothing" here`}},
		"a marker on another line": {"cat: openat path=/etc/a ### \"fired\"\nexpect silent\n",
			[]string{`x.test:8: no error matches "fired" here`, `x.test:9: "Opened" fired on line 8: opened /etc/a`}},
		"one group after another": {"cat: openat path=/etc/a\nexpect fire Opened\ncat: openat path=/etc/b\n",
			[]string{`x.test:10: "Opened" fired and was not expected: opened /etc/b`}},
		"two mistakes": {"cat: opnat path=/etc/a\nexpect fire Opend\n",
			[]string{`x.test:8: unknown event "opnat"; docs/events.md lists them`, `x.test:9: no rule "Opend" is loaded`}},
	} {
		t.Run(name, func(t *testing.T) {
			result := Text("x.test", []byte(openedRule+c.script), Options{})
			var got []string
			for _, f := range result.Failures {
				got = append(got, f.Error())
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if result.Failed() != (len(c.want) > 0) {
				t.Errorf("Failed is %v", result.Failed())
			}
		})
	}
}

// TestRulesThatDoNotLoad proves that an error in rules is reported in the
// script's own lines and that the chunk does not go on.
func TestRulesThatDoNotLoad(t *testing.T) {
	script := strings.Replace(openedRule, "fd.name", "fd.nmae", 1) + "cat: openat path=/etc/a\nexpect fire Opened\n"
	result := Text("x.test", []byte(script), Options{})
	if len(result.Failures) != 1 || result.Failures[0].Line != 4 || !strings.Contains(result.Failures[0].Message, "fd.nmae") {
		t.Errorf("got %v, want one failure on line 4", result.Failures)
	}
}

func TestRuleFilesAreReadBesideTheScript(t *testing.T) {
	var asked string
	opts := Options{ReadFile: func(name string) ([]byte, error) {
		asked = name
		return nil, os.ErrNotExist
	}}
	result := Text("dir/x.test", []byte("rules my.yaml\nprocess cat\n"), opts)
	if asked != "dir/my.yaml" {
		t.Errorf("asked for %q", asked)
	}
	if len(result.Failures) != 1 || result.Failures[0].Line != 1 {
		t.Errorf("got %v", result.Failures)
	}
	if len(result.Files) != 1 || result.Files[0] != "dir/my.yaml" {
		t.Errorf("files %v", result.Files)
	}
}

func TestFileThatIsNotThere(t *testing.T) {
	if _, err := File("testdata/none.test", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestEventsOfOtherSources(t *testing.T) {
	script := `rules:
  - rule: Bad word
    desc: d
    source: json
    condition: json.value[/word] = bad
    output: said %json.value[/word]
    priority: INFO
event json:
  {"word": "good"}
  {"word": "bad"}
  {"word": "bad"}
expect fire "Bad word" count=2 source=json {json.value[/word]=bad}
expect value json.value[/word]=bad
event json:
  {"word":
event nosuch:
  {}
`
	result := Text("x.test", []byte(script), Options{})
	if len(result.Failures) != 2 || result.Failures[0].Line != 14 || result.Failures[1].Line != 16 {
		t.Errorf("got %v", result.Failures)
	}
	if result.Expectations != 2 {
		t.Errorf("%d expectations", result.Expectations)
	}
}

// block is a block of a capture.
func block(kind uint32, body []byte) []byte {
	body = append(body, make([]byte, -len(body)&3)...)
	size := uint32(len(body) + 12)
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = binary.LittleEndian.AppendUint32(b, size)
	return binary.LittleEndian.AppendUint32(append(b, body...), size)
}

// capture is a capture file in which a process opens a path.
func capture(t *testing.T, path string) []byte {
	t.Helper()
	info := syscall.Current("openat")
	record := inject.Record{Time: epoch, TID: 42, Type: info.Num, Params: make([][]byte, len(info.Params))}
	var err error
	if record.Params[0], err = inject.Number(field.FD, 3); err != nil {
		t.Fatal(err)
	}
	record.Params[info.Param("name")] = inject.Text(path)
	section := []byte{0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255}
	return append(block(0x0a0d0d0a, section), block(0x216, record.Append([]byte{0, 0}))...)
}

func TestReplay(t *testing.T) {
	files := map[string][]byte{"dir/a.scap": capture(t, "/etc/a"), "dir/bad.scap": []byte("no capture")}
	opts := Options{ReadFile: func(name string) ([]byte, error) {
		if data, ok := files[name]; ok {
			return data, nil
		}
		return nil, os.ErrNotExist
	}}
	script := openedRule + `replay a.scap
expect fire Opened {fd.name=/etc/a}
expect value thread.tid=42
replay bad.scap ### "bad.scap: "
replay none.scap ### "not exist"
`
	result := Text("dir/x.test", []byte(script), opts)
	for _, f := range result.Failures {
		t.Error(f)
	}
	if len(result.Files) != 3 {
		t.Errorf("files %v", result.Files)
	}
}

func FuzzRun(f *testing.F) {
	f.Add(openedRule + "cat: openat path=/etc/a flags=O_RDWR|4\nexpect fire Opened {fd.name~a}\n")
	f.Add("container c mount=a:b\nprocess p container=c caps=all tty\np: spawn path=/a args='b c'\nexpect true proc.name = a\n")
	f.Add("process p\np: socket domain=AF_INET type=1\np: connect to=[::1]:80\np: dup2 oldfd=3 newfd=0\np: exit\n")
	f.Fuzz(func(_ *testing.T, text string) {
		opts := Options{ReadFile: func(string) ([]byte, error) { return nil, os.ErrNotExist }}
		Text("fuzz.test", []byte(text), opts) // must not panic
	})
}
