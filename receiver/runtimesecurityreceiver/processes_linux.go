package runtimesecurityreceiver

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// knowProcesses fills the table with the processes that run already, and has the
// decoder ask /proc for what it cannot know: processes whose start it did not
// see, and where a process was moved to.
func knowProcesses(decoder *syscall.LiveDecoder, threads *process.Table, hostRoot string) error {
	procfs, err := process.OpenProcfs(filepath.Join(hostRoot, "proc"), cgroupTree(hostRoot))
	if err != nil {
		return fmt.Errorf("processes that run already: %w", err)
	}
	if _, err := procfs.Snapshot(threads); err != nil {
		return fmt.Errorf("processes that run already: %w", err)
	}
	decoder.Moved = procfs.RefreshCgroups
	decoder.Heal = func(th *process.Thread) {
		if !th.IsLeader() && threads.Get(th.PID) != nil {
			return // a thread of a known process has all from that
		}
		// The process may have ended: what the event tells of it stays.
		_ = procfs.Refresh(threads, th.PID)
	}
	return nil
}

// cgroupTree finds the mount of the cgroup2 tree, which on hybrid hosts is not
// the usual one; it is empty where there is none.
func cgroupTree(hostRoot string) string {
	for _, dir := range []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"} {
		tree := filepath.Join(hostRoot, dir)
		if _, err := os.Stat(filepath.Join(tree, "cgroup.controllers")); err == nil {
			return tree
		}
	}
	return ""
}
