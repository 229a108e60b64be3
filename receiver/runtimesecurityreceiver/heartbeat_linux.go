package runtimesecurityreceiver

import (
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/source/syscall"
)

// heartbeat proves that events come from the kernel: a system call of our own,
// which the capture lets through though it leaves out all others of ours. The
// call is always wanted, whatever the rules are, and asks for what cannot be: to
// join the process group -1. Its first argument is the number of the heartbeat.
type heartbeat struct {
	sent    atomic.Int64
	arrived atomic.Uint64
	lag     atomic.Int64 // nanoseconds
}

// Beat implements beater.
func (h *heartbeat) Beat() {
	_ = unix.Setpgid(int(h.sent.Add(1)), -1) // always an error: EINVAL
}

// Beats implements beater.
func (h *heartbeat) Beats() (n uint64, lag time.Duration) {
	return h.arrived.Load(), time.Duration(h.lag.Load())
}

var (
	ownPID         = int64(os.Getpid())
	typeSetpgid, _ = syscall.Source().Types().Lookup("setpgid")
)

// The parameters of setpgid.
const (
	setpgidResult = iota
	setpgidPID
)

// takes tells whether an event is a heartbeat.
func (h *heartbeat) takes(ev *syscall.Event) bool {
	if ev.Head.Type != typeSetpgid || ev.Int(setpgidResult) != -int64(unix.EINVAL) {
		return false
	}
	th, number := ev.Thread, ev.Int(setpgidPID)
	if th == nil || th.VPID != ownPID || number < 1 || number > h.sent.Load() {
		return false // VPID: our number is that of our own pid namespace
	}
	h.lag.Store(time.Now().UnixNano() - int64(ev.Head.Time))
	h.arrived.Add(1)
	return true
}
