package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cilium/ebpf"

	"github.com/lannersec/lanner/internal/testenv"
)

// programs are the ids of all BPF programs that are loaded.
func programs(t *testing.T) map[ebpf.ProgramID]bool {
	t.Helper()
	ids := map[ebpf.ProgramID]bool{}
	for id := ebpf.ProgramID(0); ; {
		next, err := ebpf.ProgramGetNextID(id)
		if errors.Is(err, os.ErrNotExist) {
			return ids
		}
		if err != nil {
			t.Fatal(err)
		}
		ids[next] = true
		id = next
	}
}

// TestInterruptEndsItAndLeavesNothing is Ctrl-C.
func TestInterruptEndsItAndLeavesNothing(t *testing.T) {
	testenv.Root(t)
	_, address := newSink(t)
	before := programs(t)
	c := start(t, toSink("embedded:lanner_rules.yaml", address))
	var own []ebpf.ProgramID
	for id := range programs(t) {
		if !before[id] {
			own = append(own, id)
		}
	}
	if len(own) == 0 {
		t.Fatal("the collector runs without a BPF program")
	}

	c.interrupt(t)
	if err := c.end(t, 2*time.Second); err != nil {
		t.Errorf("exit: %v", err)
	}
	after := programs(t)
	for _, id := range own {
		if after[id] {
			t.Errorf("BPF program %d is still there", id)
		}
	}
}

// TestBrokenRulesFileEndsTheStart shows the diagnostic that a user gets.
func TestBrokenRulesFileEndsTheStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.yaml")
	text := "- rule: Broken\n  desc: d\n  condition: evt.type = open and no.such.field = 1\n  output: o\n  priority: WARNING\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := launch(t, toSink(path, "127.0.0.1:1"), nil)
	if err := c.end(t, waitTime); err == nil {
		t.Fatal("the collector runs on with a broken rules file")
	}
	for _, want := range []string{path + ":3:", "no.such.field"} {
		if !strings.Contains(c.log.String(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
}

// TestWithoutRightsItSaysWhichAreMissing starts as a user without capabilities.
func TestWithoutRightsItSaysWhichAreMissing(t *testing.T) {
	testenv.Root(t)
	nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	c := launchReadable(t, toSink("embedded:lanner_rules.yaml", "127.0.0.1:1"), nobody)
	if err := c.end(t, waitTime); err == nil {
		t.Fatal("the collector runs on without the right to capture")
	}
	if c.log.line("CAP_BPF") == "" {
		t.Error("the log does not name CAP_BPF")
	}
}
