package bpf_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/internal/testenv"
	source "github.com/lannersec/lanner/source/syscall"
)

func TestOpenBadRing(t *testing.T) {
	for _, n := range []int{-1, 1, 1 << 40} {
		if _, err := bpf.Open(bpf.Config{RingBytes: n}); err == nil || !strings.Contains(err.Error(), "ring of") {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// asChild tells the test binary what to do instead of testing.
const (
	asChild     = "LANNER_TEST_CHILD"
	doNothing   = "nothing"
	openCapture = "open" // open a capture and print what becomes of it
)

func TestMain(m *testing.M) {
	switch os.Getenv(asChild) {
	case "":
		os.Exit(m.Run())
	case openCapture:
		tryCapture()
	}
}

func tryCapture() {
	capture, err := bpf.Open(bpf.Config{})
	var missing *bpf.UnsupportedError
	switch {
	case err == nil:
		_ = capture.Close()
		os.Stdout.WriteString("opened")
	case errors.As(err, &missing) && errors.Is(err, bpf.ErrUnsupported):
		os.Stdout.WriteString(missing.Feature + "; " + missing.Remedy)
	default:
		os.Stdout.WriteString("another error: " + err.Error())
	}
}

// Without the rights, and without type information, the error says so and what
// to do.
func TestOpenUnsupported(t *testing.T) {
	testenv.Require(t, os.Geteuid() == 0, "rights can only be taken from root")
	// the test binary lies where only root may go
	self := filepath.Join(t.TempDir(), "bpf.test")
	text, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(self, text, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir := filepath.Dir(self); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		cmd  *exec.Cmd
		attr *syscall.SysProcAttr
		want []string
	}{
		{"no rights", exec.Command(self), &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}},
			[]string{"rights", "CAP_BPF", "CAP_PERFMON"}},
		{"no type information", exec.Command("/bin/sh", "-c", "mount -t tmpfs none /sys/kernel && exec "+self),
			&syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS},
			[]string{"BTF", "CONFIG_DEBUG_INFO_BTF"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.cmd.Env = []string{asChild + "=" + openCapture, "PATH=/usr/bin:/bin:/usr/sbin:/sbin"}
			test.cmd.SysProcAttr = test.attr
			test.cmd.Dir = "/"
			out, err := test.cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, want := range test.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("%q does not mention %s", out, want)
				}
			}
		})
	}
}

// The capturing process does not see itself, but its children.
func TestLiveSkipSelf(t *testing.T) {
	l := startLive(t, bpf.Config{SkipSelf: true}, "openat")
	if _, err := os.ReadFile("/etc/hostname"); err != nil {
		t.Fatal(err)
	}
	run(t, "/bin/cat", "/etc/hostname")
	l.until("the child's open", func(e *source.Event) bool {
		if e.Name() == "openat" && e.PID == int64(os.Getpid()) {
			t.Errorf("saw itself: %s", e.AppendArgs(nil))
		}
		return e.Name() == "openat" && e.Thread.Comm == "cat" && e.FD.Name == "/etc/hostname" && e.Thread.PTID == int64(os.Getpid())
	})
}
