package runtimesecurityreceiver

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// knowProcesses fills the table with the processes that run already, and has the
// decoder ask /proc for what it cannot know: processes whose start it did not
// see, and where a process was moved to.
func knowProcesses(decoder *syscall.LiveDecoder, threads *process.Table, hostRoot string) (*purger, error) {
	procfs, err := process.OpenProcfs(filepath.Join(hostRoot, "proc"), cgroupTree(hostRoot))
	if err != nil {
		return nil, fmt.Errorf("processes that run already: %w", err)
	}
	if _, err := procfs.Snapshot(threads); err != nil {
		return nil, fmt.Errorf("processes that run already: %w", err)
	}
	decoder.Moved = procfs.RefreshCgroups
	decoder.Heal = func(th *process.Thread) {
		if !th.IsLeader() && threads.Get(th.PID) != nil {
			return // a thread of a known process has all from that
		}
		// The process may have ended: what the event tells of it stays.
		_ = procfs.Refresh(threads, th.PID)
	}
	return &purger{remove: func(before uint64) { procfs.Purge(threads, purgeSome, before) }}, nil
}

const (
	purgeEvery = time.Second      // of event time
	purgeSome  = 128              // threads that one purge looks at
	purgeIdle  = 10 * time.Minute // without an event, before /proc is asked
)

// purger forgets processes whose end was lost.
type purger struct {
	remove func(before uint64) // those without an event since
	due    uint64              // event time of the next purge
}

// purge is called with the time of the last event, before the next is decoded.
func (p *purger) purge(last uint64) {
	if last > p.due {
		p.remove(last - uint64(purgeIdle))
		p.due = last + uint64(purgeEvery)
	}
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
