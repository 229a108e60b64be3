package bpf_test

import (
	"bufio"
	"errors"
	"os/exec"
	"testing"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/source/syscall"
)

// startFlood runs the flood of open and close until the test ends.
func startFlood(t *testing.T) {
	t.Helper()
	cmd := exec.Command(helper(t, "flood"))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
}

// While two threads flood the ring with opens, no read of the watched file is
// missed: 100 of 100, and no record of lineage is lost.
func TestLiveFlood(t *testing.T) {
	const reads = 100
	l := startLive(t, bpf.Config{}, "openat", "open")
	startFlood(t)
	done := make(chan error, 1)
	go func() {
		for range reads {
			if err := exec.Command("/bin/cat", "/etc/shadow").Run(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	var events, opened, started int
	running := true
	l.until("the last read", func(e *syscall.Event) bool {
		events++
		if e.Thread.Comm == "cat" && e.Name() == "execve" && len(e.Thread.Args) == 1 && e.Thread.Args[0] == "/etc/shadow" {
			started++
		}
		if e.Thread.Comm == "cat" && e.Name() == "openat" && e.FD != nil && e.FD.Name == "/etc/shadow" {
			opened++
		}
		if running {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				running = false
			default:
			}
		}
		return opened == reads
	})
	if started != reads {
		t.Errorf("%d programs started, want %d", started, reads)
	}
	stats, err := l.capture.Stats()
	if err != nil {
		t.Fatal(err)
	}
	var dropped uint64
	for _, call := range stats.Calls {
		dropped += call.Dropped()
		if call.Name == "execve" || call.Name == "clone" || call.Name == "procexit" {
			if call.Dropped() > 0 {
				t.Errorf("%s: %d dropped", call.Name, call.Dropped())
			}
		}
	}
	t.Logf("%d events read, %d dropped", events, dropped)
}

// What is not wanted stays in the kernel, and what is wanted may change.
func TestLiveWanted(t *testing.T) {
	l := startLive(t, bpf.Config{}, "openat")
	run(t, "/bin/cat", "/dev/null")
	l.until("exit of cat", func(e *syscall.Event) bool {
		if e.Name() == "close" {
			t.Error("close was not wanted")
		}
		return e.Name() == "procexit" && e.Thread.Comm == "cat"
	})
	if err := l.capture.SetTypes(typeSet(t, "close")); err != nil {
		t.Fatal(err)
	}
	run(t, "/bin/cat", "/dev/null")
	var closes int
	l.until("exit of cat", func(e *syscall.Event) bool {
		if e.Name() == "close" && e.Thread.Comm == "cat" {
			closes++
		}
		return e.Name() == "procexit" && e.Thread.Comm == "cat" && closes > 0
	})
}

// Close ends a Read that waits, and may be called twice.
func TestLiveClose(t *testing.T) {
	l := startLive(t, bpf.Config{IdleWait: patience})
	done := make(chan error, 1)
	go func() {
		for {
			if _, err := l.capture.Read(); err != nil && !errors.Is(err, bpf.ErrIdle) {
				done <- err
				return
			}
		}
	}()
	if err := l.capture.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("Read returned no error after Close")
	}
}
