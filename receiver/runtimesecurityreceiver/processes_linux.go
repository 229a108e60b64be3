package runtimesecurityreceiver

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lannersec/lanner/identity/process"
)

// knowProcesses fills the table with the processes that run already, and
// returns what reads the rest of one that the table learns of without its start.
func knowProcesses(threads *process.Table, hostRoot string) (heal func(*process.Thread), err error) {
	procfs, err := process.OpenProcfs(filepath.Join(hostRoot, "proc"), cgroupTree(hostRoot))
	if err != nil {
		return nil, fmt.Errorf("processes that run already: %w", err)
	}
	if _, err := procfs.Snapshot(threads); err != nil {
		return nil, fmt.Errorf("processes that run already: %w", err)
	}
	return func(th *process.Thread) {
		if !th.IsLeader() && threads.Get(th.PID) != nil {
			return // a thread of a known process has all from that
		}
		// The process may have ended: what the event tells of it stays.
		_ = procfs.Refresh(threads, th.PID)
	}, nil
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
