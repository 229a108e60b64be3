package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"

	"github.com/lannersec/lanner/internal/testenv"
)

// programs are the ids of the BPF programs that a process has open, which the
// kernel tells with its descriptors.
func programs(t *testing.T, pid int) []ebpf.ProgramID {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	var ids []ebpf.ProgramID
	for _, file := range files {
		text, _ := os.ReadFile(file) // the descriptor may be closed by now
		for line := range strings.Lines(string(text)) {
			if number, ok := strings.CutPrefix(line, "prog_id:"); ok {
				id, err := strconv.ParseUint(strings.TrimSpace(number), 10, 32)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, ebpf.ProgramID(id))
			}
		}
	}
	return ids
}

// loaded tells whether the kernel still has a program.
func loaded(t *testing.T, id ebpf.ProgramID) bool {
	t.Helper()
	prog, err := ebpf.NewProgramFromID(id)
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = prog.Close()
	return true
}

// TestInterruptEndsItAndLeavesNothing is Ctrl-C.
func TestInterruptEndsItAndLeavesNothing(t *testing.T) {
	testenv.Root(t)
	sink, address := newSink(t)
	c := start(t, toSink("embedded:lanner_rules.yaml", address))
	own := programs(t, c.cmd.Process.Pid)
	if len(own) == 0 {
		t.Fatal("the collector runs without a BPF program")
	}
	// The Collector says that it is ready before it listens to signals: once a
	// detection came through it does.
	_, path := read(t, "lanner-reader")
	sink.find(t, func(r record) bool { return r.text("process.executable.path") == path })

	c.interrupt(t)
	if err := c.end(t, 2*time.Second); err != nil {
		t.Errorf("exit: %v", err)
	}
	waitGone(t, own)
}

// waitGone waits until the kernel, which frees programs in the background, has
// none of ids.
func waitGone(t *testing.T, ids []ebpf.ProgramID) {
	t.Helper()
	over := time.Now().Add(waitTime)
	for {
		ids = slices.DeleteFunc(ids, func(id ebpf.ProgramID) bool { return !loaded(t, id) })
		if len(ids) == 0 {
			return
		}
		if time.Now().After(over) {
			t.Fatalf("BPF programs %v are still there", ids)
		}
		runtime.Gosched()
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

// TestWithoutBTFItSaysSo hides the kernel's type information.
func TestWithoutBTFItSaysSo(t *testing.T) {
	testenv.Root(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, []byte(toSink("embedded:lanner_rules.yaml", "127.0.0.1:1")), 0o600); err != nil {
		t.Fatal(err)
	}
	hidden := `mount -t tmpfs none /sys/kernel/btf && exec "$0" --config "$1"`
	out, err := exec.Command("unshare", "-m", "sh", "-c", hidden, requireBinary(t), config).CombinedOutput()
	if err == nil {
		t.Fatal("the collector runs without BTF")
	}
	for _, want := range []string{"BTF", "CONFIG_DEBUG_INFO_BTF"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the log does not say %q:\n%s", want, out)
		}
	}
}
