package bpf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// A container's files lie in layers: those of its image in the lower, those
// written later in the upper one.
func TestLiveLayers(t *testing.T) {
	l := startLive(t, bpf.Config{}, "openat")
	dir := t.TempDir()
	for _, name := range []string{"lower", "upper", "work", "merged"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := harmless(t)
	if err := os.WriteFile(filepath.Join(dir, "lower", "image"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	// an overlay cannot lie on an overlay: memory takes the upper layer
	if err := unix.Mount("none", dir+"/upper", "tmpfs", 0, ""); err != nil {
		testenv.Require(t, false, fmt.Sprintf("mount tmpfs: %v", err))
	}
	t.Cleanup(func() { _ = unix.Unmount(dir+"/upper", unix.MNT_DETACH) })
	for _, name := range []string{"u", "w"} {
		if err := os.Mkdir(filepath.Join(dir, "upper", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	options := fmt.Sprintf("lowerdir=%[1]s/lower,upperdir=%[1]s/upper/u,workdir=%[1]s/upper/w", dir)
	if err := unix.Mount("overlay", dir+"/merged", "overlay", 0, options); err != nil {
		testenv.Require(t, false, fmt.Sprintf("mount overlay: %v", err))
	}
	t.Cleanup(func() { _ = unix.Unmount(dir+"/merged", unix.MNT_DETACH) })
	if err := os.WriteFile(filepath.Join(dir, "merged", "dropped"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name         string
		upper, lower bool
		state        process.FDState
	}{
		{"image", false, true, process.FDLowerLayer},
		{"dropped", true, false, process.FDUpperLayer},
	} {
		path := filepath.Join(dir, "merged", test.name)
		if _, err := os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		l.until("open of "+test.name, func(e *syscall.Event) bool {
			return e.Name() == "openat" && e.FD != nil && e.FD.Name == path && e.FD.Flags&1 != 0 && e.FD.State&test.state != 0
		})
		run(t, path)
		l.until("exec of "+test.name, func(e *syscall.Event) bool {
			return e.Name() == "execve" && e.Thread.ExePath == path
		})
		if th := l.event.Thread; th.ExeUpperLayer != test.upper || th.ExeLowerLayer != test.lower {
			t.Errorf("%s: upper %v, lower %v", test.name, th.ExeUpperLayer, th.ExeLowerLayer)
		}
	}
}
