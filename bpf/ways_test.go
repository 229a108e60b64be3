package bpf_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// ways are the ways in which testdata/ways.c opens a file. NAME is the event
// that each must give.
var ways = []struct{ way, event string }{
	{"direct", "openat"},
	{"open", "open"},
	{"symlink", "openat"},
	{"procroot", "openat"},
	{"dirfd", "openat"},
	{"chdir", "openat"},
	{"fchdir", "openat"},
	{"dots", "openat"},
	{"opath", "openat"},
	{"openat2", "openat2"},
	{"uring", "openat"},
	{"uring-openat2", "openat2"},
	{"int80", "open"},
	{"int80-openat", "openat"},
	{"rename", "openat"},
	{"flip", "openat"},
	{"handle", "open_by_handle_at"},
}

// helper compiles a C program of testdata.
func helper(t testing.TB, name string, flags ...string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	testenv.Require(t, err == nil, "a C compiler is needed for the helper programs")
	out := filepath.Join(t.TempDir(), name)
	args := append([]string{"-O1", "-o", out, filepath.Join("testdata", name+".c"), "-lpthread"}, flags...)
	run(t, cc, args...)
	return out
}

// One file, many ways to open it: the kernel's name for it is always the same.
func TestLiveWays(t *testing.T) {
	const target = "/etc/shadow"
	l := startLive(t, bpf.Config{}, "open", "openat", "openat2", "open_by_handle_at")
	program := helper(t, "ways")
	for _, w := range ways {
		t.Run(w.way, func(t *testing.T) {
			l.t = t
			dir := t.TempDir()
			cmd := exec.Command(program, w.way, target, dir)
			out, err := cmd.CombinedOutput()
			if strings.Contains(string(out), "unsupported") {
				testenv.Require(t, false, fmt.Sprintf("%s: %s", w.way, out))
			}
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			pid := int64(cmd.Process.Pid)
			l.until("the open of "+target, func(e *syscall.Event) bool {
				if e.PID == pid && e.Name() == "procexit" && e.TID == pid {
					t.Fatal("the process ended without the event")
				}
				return e.PID == pid && e.Name() == w.event && e.FD != nil && e.FD.Name == target && e.Int(0) >= 0
			})
			if l.event.Thread.Comm != "ways" {
				t.Errorf("comm %q, want the name given at exec", l.event.Thread.Comm)
			}
			if l.event.Thread.ExePath != program {
				t.Errorf("exepath %q, want %q", l.event.Thread.ExePath, program)
			}
		})
	}
}
