package bpf_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// live is a running capture with a decoder behind it.
type live struct {
	t       testing.TB
	capture *bpf.Capture
	decoder *syscall.LiveDecoder
	threads *process.Table
	event   syscall.Event
	sample  []byte // that event is made from
}

// startLive captures events of the given names.
func startLive(t testing.TB, cfg bpf.Config, names ...string) *live {
	t.Helper()
	testenv.Require(t, os.Geteuid() == 0, "kernel capture needs root")
	capture, err := bpf.Open(cfg)
	if errors.Is(err, bpf.ErrUnsupported) {
		testenv.Require(t, false, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := capture.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	boot, err := bpf.BootTime()
	if err != nil {
		t.Fatal(err)
	}
	if err := capture.SetTypes(typeSet(t, names...)); err != nil {
		t.Fatal(err)
	}
	threads := process.NewTable(process.Options{})
	decoder := syscall.NewLiveDecoder(threads, &syscall.Host{Threads: threads}, boot)
	procfs, err := process.OpenProcfs("/proc", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := procfs.Snapshot(threads); err != nil {
		t.Fatal(err)
	}
	decoder.Heal = func(th *process.Thread) { _ = procfs.Refresh(threads, th.PID) }
	return &live{t: t, capture: capture, threads: threads, decoder: decoder}
}

func typeSet(t testing.TB, names ...string) event.TypeSet {
	t.Helper()
	set := event.NewTypeSet(syscall.Types().Len())
	for _, name := range names {
		id, ok := syscall.Types().Lookup(name)
		if !ok {
			t.Fatalf("no event type %q", name)
		}
		set.Add(id)
	}
	return set
}

// patience is how long an event may take to arrive before a test fails.
const patience = 10 * time.Second

// until reads events until one satisfies want, and fails without one.
func (l *live) until(what string, want func(*syscall.Event) bool) {
	l.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		sample, err := l.capture.Read()
		if errors.Is(err, bpf.ErrIdle) {
			continue
		}
		if err != nil {
			l.t.Fatal(err)
		}
		l.sample = sample
		if err := l.decoder.Decode(sample, &l.event); err != nil {
			l.t.Fatalf("decode: %v", err)
		}
		if want(&l.event) {
			return
		}
	}
	stats, _ := l.capture.Stats()
	l.t.Fatalf("no event: %s\n%+v", what, stats)
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func TestLiveCat(t *testing.T) {
	l := startLive(t, bpf.Config{}, "openat")
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "/bin/cat", path)

	var pid int64
	l.until("clone", func(e *syscall.Event) bool {
		return (e.Name() == "clone" || e.Name() == "clone3" || e.Name() == "vfork") && e.Thread.PTID == int64(os.Getpid())
	})
	l.until("execve", func(e *syscall.Event) bool {
		pid = e.PID
		return e.Name() == "execve" && e.Thread.Comm == "cat" && len(e.Thread.Args) == 1 && e.Thread.Args[0] == path
	})
	l.until("openat", func(e *syscall.Event) bool {
		return e.Name() == "openat" && e.PID == pid && e.FD != nil && e.FD.Name == path && e.Thread.Comm == "cat"
	})
	l.until("procexit", func(e *syscall.Event) bool {
		return e.Name() == "procexit" && e.PID == pid
	})
}
