package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// writeCapture writes a capture in which a process opens files, one each 10 ms.
func writeCapture(t *testing.T, paths ...string) string {
	t.Helper()
	var out bytes.Buffer
	w, err := scap.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	table := process.NewTable(process.Options{})
	th := process.NewThread(42)
	th.PID, th.PTID, th.VTID, th.VPID, th.Comm, th.Exe = 42, 1, 42, 42, "cat", "cat"
	table.Add(th)
	if err := errors.Join(w.Machine(scap.Machine{Hostname: "box"}), w.Threads(table)); err != nil {
		t.Fatal(err)
	}
	var e syscall.Event
	for i, path := range paths {
		at := 1_700_000_000_000_000_000 + uint64(i)*10_000_000
		rec, err := inject.Encode(at, 42, syscall.EvOpenX, 3, path, 1, 0, 0, 0)
		if err := errors.Join(err, e.Decode(rec, syscall.FormCounted), w.Event(&e)); err != nil {
			t.Fatal(err)
		}
	}
	return writeTemp(t, "x.scap", out.String())
}

func writeTemp(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const shadowRule = `- rule: Read shadow
  desc: d
  condition: evt.type = open and fd.name = /etc/shadow
  output: "%proc.name read %fd.name"
  priority: WARNING
  tags: [files]
`

const anyRule = `- rule: Read anything
  desc: d
  condition: evt.type = open
  output: "%fd.name"
  priority: INFO
`

func TestReplayPrintsDetections(t *testing.T) {
	capture := writeCapture(t, "/etc/hosts", "/etc/shadow")
	out := succeeds(t, "replay", "-r", writeTemp(t, "r.yaml", shadowRule), capture)
	if !regexp.MustCompile(`^\d\d:\d\d:20\.010000000: Warning cat read /etc/shadow\n$`).MatchString(out) {
		t.Errorf("got %q", out)
	}
}

func TestReplayAsJSON(t *testing.T) {
	capture := writeCapture(t, "/etc/shadow")
	got := decoded[jsonAlert](t, succeeds(t, "replay", "-o", "json", "-r", writeTemp(t, "r.yaml", shadowRule), capture))
	if got.Rule != "Read shadow" || got.Hostname != "box" || got.Priority != "Warning" || got.Time != "2023-11-14T22:13:20.000000000Z" ||
		got.Fields["fd.name"] != "/etc/shadow" || len(got.Tags) != 1 || got.Output != "22:13:20.000000000: Warning cat read /etc/shadow" {
		t.Errorf("%+v", got)
	}
}

func TestReplayCounts(t *testing.T) {
	capture := writeCapture(t, "/etc/hosts", "/etc/shadow", "/etc/shadow")
	file := writeTemp(t, "r.yaml", shadowRule+anyRule)
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{nil, "2        Warning        Read shadow\n1        Informational  Read anything\n3 detections of 2 rules\n"},
		{[]string{"--all"}, "3        Informational  Read anything\n2        Warning        Read shadow\n5 detections of 2 rules\n"},
		{[]string{"--priority", "warning"}, "2        Warning   Read shadow\n2 detections of 1 rule\n"},
	} {
		out := succeeds(t, append([]string{"replay", "--stats", "-r", file, capture}, c.flags...)...)
		if _, rows, _ := strings.Cut(out, "\n"); rows != c.want {
			t.Errorf("%v: got\n%s", c.flags, out)
		}
	}
}

func TestReplayDiff(t *testing.T) {
	capture := writeCapture(t, "/etc/hosts", "/etc/shadow")
	shadow, anything := writeTemp(t, "a.yaml", shadowRule), writeTemp(t, "b.yaml", anyRule)
	out := succeeds(t, "replay", "-r", anything, "--diff", shadow, capture)
	want := regexp.MustCompile(`^\+ \S+ Informational /etc/hosts\n\+ \S+ Informational /etc/shadow\n- \S+ Warning cat read /etc/shadow\n$`)
	if !want.MatchString(out) {
		t.Errorf("got\n%s", out)
	}
	if out := succeeds(t, "replay", "-r", shadow, "--diff", shadow, capture); out != "" {
		t.Errorf("the same rules differ:\n%s", out)
	}
}

func TestReplayOfDamagedCapture(t *testing.T) {
	data, err := os.ReadFile(writeCapture(t, "/etc/shadow", "/etc/shadow"))
	if err != nil {
		t.Fatal(err)
	}
	cut := writeTemp(t, "cut.scap", string(data[:len(data)-6]))
	got := lanner(t, "replay", "-r", writeTemp(t, "r.yaml", shadowRule), cut)
	if !errors.Is(got.failed, scap.ErrFormat) || strings.Count(got.out, "shadow") != 1 {
		t.Errorf("%v, output %q", got.failed, got.out)
	}
}

func TestReplayShowsErrorsInRules(t *testing.T) {
	got := lanner(t, "replay", "-r", mistakes, writeCapture(t))
	if !errors.Is(got.failed, errReported) || got.err == "" || got.out != "" {
		t.Errorf("%v, %q", got.failed, got.err)
	}
}
