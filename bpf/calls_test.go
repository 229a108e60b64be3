package bpf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/source/syscall"
)

// callTest does something and says what its event is like.
type callTest struct {
	name string
	do   func()
	want string // begins the parameters
	fd   string // fd.name, if the event has a descriptor
}

// TestLiveCalls does things itself and checks the event of each: NAME(ARGS), as
// parameters are shown, with DIR for the test's folder.
func TestLiveCalls(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	file := in("file")
	if err := os.WriteFile(file, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fd := func(n int, err error) int {
		t.Helper()
		must(err)
		t.Cleanup(func() { _ = unix.Close(n) })
		return n
	}
	dirfd := fd(unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY, 0))
	tests := []callTest{
		{"openat", func() { fd(unix.Open(file, unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o644)) },
			"fd=", file},
		{"openat", func() { _, _ = unix.Open(in("missing"), unix.O_RDONLY, 0) },
			"fd=-2(ENOENT) dirfd=-100(AT_FDCWD) name=DIR/missing flags=", in("missing")},
		{"openat", func() { _, _ = unix.Openat(dirfd, "./x/../nothing", unix.O_WRONLY, 0) },
			"fd=-2(ENOENT)", in("nothing")},
		{"fchmodat", func() { must(unix.Fchmodat(dirfd, "file", 0o600, 0)) }, "res=0 dirfd=", ""},
		{"mkdirat", func() { must(unix.Mkdirat(dirfd, "sub", 0o700)) }, "res=0 dirfd=DIRFD path=sub(DIR/sub) mode=", ""},
		{"renameat2", func() { must(unix.Renameat2(dirfd, "sub", dirfd, "sub2", unix.RENAME_NOREPLACE)) }, "res=0 olddirfd=", ""},
		{"unlinkat", func() { must(unix.Unlinkat(dirfd, "sub2", unix.AT_REMOVEDIR)) }, "res=0 dirfd=", ""},
		{"symlinkat", func() { must(unix.Symlinkat("/etc/shadow", dirfd, "link")) }, "res=0 target=/etc/shadow linkdirfd=", ""},
		{"linkat", func() { must(unix.Linkat(dirfd, "file", dirfd, "hard", 0)) }, "res=0 olddir=", ""},
		{"dup3", func() { must(unix.Dup3(dirfd, 700, unix.O_CLOEXEC)) }, "res=700", dir},
		{"close", func() { must(unix.Close(700)) }, "res=0 fd=700", ""},
		{"memfd_create", func() { fd(unix.MemfdCreate("secret", unix.MFD_CLOEXEC)) }, "fd=", "/memfd:secret (deleted)"},
		{"ptrace", func() { _ = unix.PtraceAttach(1 << 22) }, "res=-3(ESRCH)", ""},
		{"kill", func() { _ = unix.Kill(os.Getpid(), 0) }, "res=0 pid=", ""},
		{"setns", func() { _ = unix.Setns(dirfd, unix.CLONE_NEWNET) }, "res=-22(EINVAL) fd=", dir},
		{"mount", func() { _ = unix.Mount("none", in("no"), "tmpfs", unix.MS_BIND, "") },
			"res=-2(ENOENT) dev=none dir=DIR/no type=tmpfs flags=4096(BIND)", ""},
		{"umount2", func() { _ = unix.Unmount(in("no"), unix.MNT_DETACH) }, "res=-2(ENOENT) name=DIR/no flags=", ""},
		{"mprotect", func() { _ = unix.Mprotect(nil, unix.PROT_EXEC) }, "res=-22(EINVAL) addr=", ""},
		{"finit_module", func() { _ = unix.FinitModule(dirfd, "a=b", 0) }, "res=-", dir},
		{"userfaultfd", func() { _, _, _ = unix.Syscall(unix.SYS_USERFAULTFD, ^uintptr(0), 0, 0) }, "res=-22(EINVAL)", ""},
		{"bpf", func() { _, _, _ = unix.Syscall(unix.SYS_BPF, 5, 0, 0) }, "fd=-", ""},
		{"setsockopt", func() { _ = unix.SetsockoptInt(dirfd, 1, 2, 3) }, "res=-88(ENOTSOCK)", dir},
		{"unshare", func() { _ = unix.Unshare(0) }, "res=0", ""},
		{"splice", func() { _, _ = unix.Splice(-1, nil, -1, nil, 1, 0) }, "res=-9(EBADF)", ""},
		{"getppid", func() { _, _, _ = unix.Syscall(unix.SYS_GETPPID, 0, 0, 0) }, "", ""},
		{"open_by_handle_at", func() { _, _ = unix.OpenByHandleAt(dirfd, unix.NewFileHandle(1, []byte("12345678")), 0) }, "fd=-", ""},
	}
	var names []string
	tests = append(tests, legacyCalls(in)...)
	for _, test := range tests {
		names = append(names, test.name)
	}
	l := startLive(t, bpf.Config{}, names...)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l.t = t
			test.do()
			var got, fdName string
			defer func() {
				if t.Failed() {
					t.Logf("last: %s; fd.name %q", got, fdName)
				}
			}()
			l.until(test.want, func(e *syscall.Event) bool {
				if e.PID != int64(os.Getpid()) || e.Name() != test.name {
					return false
				}
				fdName = ""
				if e.FD != nil {
					fdName = e.FD.Name
				}
				got = strings.ReplaceAll(string(e.AppendArgs(nil)), dir, "DIR")
				got = strings.ReplaceAll(got, fmt.Sprintf(" dirfd=%d ", dirfd), " dirfd=DIRFD ")
				return strings.HasPrefix(got, test.want) && (test.fd == "" || fdName == test.fd)
			})
		})
	}
}

// A program that exec starts is described whole.
func TestLiveExec(t *testing.T) {
	l := startLive(t, bpf.Config{Env: true}, "execve", "execveat")
	program := filepath.Join(t.TempDir(), "copy")
	text := harmless(t)
	if err := os.WriteFile(program, text, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LANNER_TEST", "seen")
	run(t, program, "one", "", "three words")
	l.until("exec", func(e *syscall.Event) bool {
		return e.Name() == "execve" && e.Thread.ExePath == program
	})
	th := l.event.Thread
	if th.Comm != "copy" || th.Exe != program || strings.Join(th.Args, "|") != "one||three words" {
		t.Errorf("%q %q %q", th.Comm, th.Exe, th.Args)
	}
	if !contains(th.Env, "LANNER_TEST=seen") {
		t.Errorf("environment %q", th.Env)
	}
	if !th.ExeWritable || th.ExeFromMemfd || th.ExeIno == 0 || th.ExeInoCtime == 0 || th.CapEffective == 0 {
		t.Errorf("%+v", th)
	}
	if wd, err := os.Getwd(); err != nil || th.Cwd() != strings.TrimSuffix(wd, "/")+"/" {
		t.Errorf("cwd %q", th.Cwd())
	}
	if p := th.Parent(); p == nil || p.PID != int64(os.Getpid()) {
		t.Errorf("parent %+v", p)
	}
	if len(th.Cgroups) == 0 || !strings.Contains(th.Cgroups[0], "=/") {
		t.Errorf("cgroups %q", th.Cgroups)
	}
}

// A program from memory has no file, and says so.
func TestLiveExecMemfd(t *testing.T) {
	l := startLive(t, bpf.Config{}, "execve", "execveat")
	n, err := unix.MemfdCreate("payload", 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(n), "payload")
	defer f.Close()
	text := harmless(t)
	if _, err := f.Write(text); err != nil {
		t.Fatal(err)
	}
	run(t, fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n), "arg")
	l.until("exec", func(e *syscall.Event) bool { return e.Name() == "execve" && e.Thread.ExeFromMemfd })
}

// harmless is a program that does nothing: this one, told so.
func harmless(t *testing.T) []byte {
	t.Helper()
	t.Setenv(asChild, doNothing)
	text, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}

// The capabilities after a call that rules ask them for are the thread's own.
func TestLiveCaps(t *testing.T) {
	l := startLive(t, bpf.Config{}, "unshare")
	run(t, "/bin/sh", "-c", "exec unshare --mount true")
	var hdr unix.CapUserHeader
	var data [2]unix.CapUserData
	hdr.Version = unix.LINUX_CAPABILITY_VERSION_3
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		t.Fatal(err)
	}
	want := uint64(data[1].Effective)<<32 | uint64(data[0].Effective)
	l.until("unshare", func(e *syscall.Event) bool {
		if e.Name() != "unshare" || e.Thread.Comm != "unshare" || e.Thread.PTID != int64(os.Getpid()) {
			return false
		}
		return e.Thread.CapEffective == want && len(e.Param(1)) == 4 && e.Uint(1) == 1<<5
	})
}
