package runtimesecurityreceiver

import (
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/source/syscall"
)

// heartbeat proves that events come from the kernel: a thread of our own ends,
// which the kernel tells with a record like all others. (The capture leaves out
// our system calls, but not our threads.)
type heartbeat struct {
	expected atomic.Int64 // the thread that ends
	arrived  atomic.Uint64
	lag      atomic.Int64 // nanoseconds
}

// Beat implements beater.
func (h *heartbeat) Beat() {
	go func() {
		// A goroutine that ends with its thread locked takes the thread with it.
		runtime.LockOSThread()
		tid := unix.Gettid()
		if tid == unix.Getpid() { // the main thread would not end
			defer runtime.UnlockOSThread()
			defer h.Beat()
			return
		}
		h.expected.Store(int64(tid))
	}()
}

// Beats implements beater.
func (h *heartbeat) Beats() (n uint64, lag time.Duration) {
	return h.arrived.Load(), time.Duration(h.lag.Load())
}

var ownPID = int64(os.Getpid())

var typeExit, _ = syscall.Source().Types().Lookup("procexit")

// takes tells whether an event is the heartbeat that is expected.
func (h *heartbeat) takes(ev *syscall.Event) bool {
	th := ev.Thread // our numbers are those of our own pid namespace
	if ev.Head.Type != typeExit || th == nil || th.VTID != h.expected.Load() || th.VPID != ownPID {
		return false
	}
	h.expected.Store(0)
	h.lag.Store(time.Now().UnixNano() - int64(ev.Head.Time))
	h.arrived.Add(1)
	return true
}
