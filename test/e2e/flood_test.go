package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

// envFlood makes the test program open and close files at full speed, with two
// threads, until its standard input ends.
const envFlood = "LANNER_E2E_FLOOD"

func flood() {
	var threads sync.WaitGroup
	for range 2 {
		threads.Go(func() {
			for {
				fd, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
				if err == nil {
					_ = syscall.Close(fd)
				}
			}
		})
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
	os.Exit(0)
}

// startFlood floods the capture until the test ends.
func startFlood(t *testing.T) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), envFlood+"=1")
	stdin, err := cmd.StdinPipe()
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
}

const (
	readsInFlood = 100
	maxRSSKiB    = 150 << 10 // of the distribution under capture
)

// TestFloodHidesNothing: while two threads open and close files as fast as they
// can, each of a hundred reads of /etc/shadow is detected, and memory stays small.
func TestFloodHidesNothing(t *testing.T) {
	testenv.Root(t)
	sink, address := newSink(t)
	c := start(t, toSink("embedded:lanner_rules.yaml", address))
	startFlood(t)

	path := t.TempDir() + "/lanner-reader"
	copyTo(t, path)
	for range readsInFlood {
		cmd := exec.Command(path)
		cmd.Env = append(os.Environ(), envReadFile+"="+shadow)
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
	}
	pids := map[string]bool{}
	for len(pids) < readsInFlood {
		rec := sink.find(t, func(r record) bool {
			return r.text("process.executable.path") == path && r.text("file.path") == shadow
		})
		pids[rec.text("process.pid")] = true
	}
	if rss := residentKiB(t, c.cmd.Process.Pid); rss > maxRSSKiB {
		t.Errorf("the distribution holds %d KiB of memory", rss)
	}
}

// residentKiB is a process's resident memory.
func residentKiB(t *testing.T, pid int) (kib int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib
		}
	}
	t.Fatal("the kernel does not tell the memory of the process")
	return 0
}
