package syscall

import (
	"bytes"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

// LiveDecoder turns the records of the kernel programs into events, and keeps
// the process table up to date with them. It belongs to the goroutine that
// reads the records.
type LiveDecoder struct {
	threads *process.Table
	// BootTime is when the machine booted, ns since the epoch. Records count
	// from boot; the caller may correct it when the clock was set.
	BootTime uint64
	// Heal tells what is known elsewhere of a thread that the table did not
	// know, for example in /proc; nil: nothing.
	Heal func(*process.Thread)
	// Moved finds the cgroups of a thread that was moved to others since its
	// last event; nil: the old ones stay until the next fork or exec.
	Moved func(*process.Thread)
	// Containers knows the containers of the host; nil: nobody does.
	Containers *container.Directory
	// Host is the machine that the events come from.
	Host *Host

	rec     liveRecord
	file    abi.File
	sock    abi.Sock
	caps    abi.Caps
	hasFile bool
	hasSock bool

	self    process.Identity
	fd      process.FD
	numbers [maxParams][8]byte
	used    int
	path    []byte
	num     uint64
}

// NewLiveDecoder decodes onto the given table.
func NewLiveDecoder(threads *process.Table, host *Host, bootTime uint64) *LiveDecoder {
	host.Live = true
	return &LiveDecoder{threads: threads, Host: host, BootTime: bootTime}
}

// Decode reads a sample into e, which aliases it: both are valid until the
// sample's memory is used again or Decode is called. The event has its thread,
// its parameters in the capture format, and the object that it is about. On an
// error that matches ErrRecord the sample is to be skipped.
func (d *LiveDecoder) Decode(sample []byte, e *Event) error {
	if err := d.rec.split(sample); err != nil {
		return err
	}
	d.threads.Sweep()
	d.used = 0
	d.identify()
	switch call := d.rec.Call; {
	case int(call) < len(abi.Calls):
		d.call(e, &abi.Calls[call])
	case call == abi.CallExec:
		d.exec(e)
	case call == abi.CallFork:
		d.fork(e)
	case call == abi.CallExit:
		d.exit(e)
	default:
		return &RecordError{Type: call, Reason: "unknown call"}
	}
	if e.Thread.Container != nil && d.Containers != nil {
		d.locate(e)
	}
	return nil
}

// locate gives the event's thread the newest that is known of its container.
func (d *LiveDecoder) locate(e *Event) {
	th := e.Thread
	th.Container = d.Containers.Keep(th.Container, th.PID)
	if d.rec.Call == abi.CallExec {
		d.Containers.Started(th.Container, th.PID)
	}
}

// identify reads who acts.
func (d *LiveDecoder) identify() {
	h := &d.rec.Head
	comm := h.Comm[:]
	if end := bytes.IndexByte(comm, 0); end >= 0 {
		comm = comm[:end]
	}
	d.self = process.Identity{
		TID: int64(h.TID), PID: int64(h.PID), PTID: int64(h.PPID),
		VTID: int64(h.VTID), VPID: int64(h.VPID),
		SID: int64(h.SID), VPGID: int64(h.VPGID), PGID: int64(h.PGID),
		StartTime: h.Start, Comm: alias(comm),
		UID: h.UID, GID: h.GID, LoginUID: h.LoginUID, TTY: h.TTY,
		CgroupID: h.Cgroup, InPidns: h.PIDLevel > 0,
	}
}

// begin makes e an event of the given encoding by the record's thread, as far
// as parameters do not matter.
func (d *LiveDecoder) begin(e *Event, num uint16) {
	d.num++
	e.Reset(&schema[num])
	e.Head.Num = d.num
	e.Head.Time = d.BootTime + d.rec.Time
	e.CPU = d.rec.CPU
	e.Host = d.Host
	e.TID, e.PID = d.self.TID, d.self.PID
}

// thread finds the record's thread, heals it if it is unknown, and takes over
// what may have changed since its last event.
func (d *LiveDecoder) thread(e *Event) *process.Thread {
	if known := d.threads.Get(d.self.TID); known == nil || !known.Same(&d.self) {
		d.ensure(d.self.PTID, d.rec.ParentStart, e.Head.Time)
	}
	th, fresh := d.threads.Seen(&d.self, e.Head.Time)
	if fresh && d.Heal != nil {
		d.Heal(th)
	}
	th.UID, th.GID = d.self.UID, d.self.GID
	th.LoginUID, th.TTY = d.self.LoginUID, d.self.TTY
	th.SID, th.VPGID, th.PGID = d.self.SID, d.self.VPGID, d.self.PGID
	d.threads.Adopted(th, d.self.PTID)
	if moved := th.CgroupID != d.self.CgroupID && th.CgroupID != 0; moved && d.Moved != nil {
		d.Moved(th)
	}
	th.CgroupID = d.self.CgroupID
	e.Thread = th
	return th
}

// ensure makes a process known that an event names but is not by: so that its
// children find it. start is when it began, ns since boot.
func (d *LiveDecoder) ensure(pid int64, start, time uint64) {
	if pid <= 0 {
		return
	}
	id := process.Identity{TID: pid, PID: pid, VTID: pid, VPID: pid, StartTime: start, LoginUID: process.NoLoginUID}
	if th := d.threads.Get(pid); th != nil && th.Same(&id) {
		return
	}
	if th, fresh := d.threads.Seen(&id, time); fresh && d.Heal != nil {
		d.Heal(th)
	}
}

// call is the exit of a syscall, or of an io_uring request.
func (d *LiveDecoder) call(e *Event, c *abi.Call) {
	d.begin(e, c.Event)
	th := d.thread(e)
	d.hasFile = fact(&d.rec, abi.SecFile, &d.file)
	d.hasSock = fact(&d.rec, abi.SecSock, &d.sock)
	if c.Event == EvSyscallX {
		d.add16(e, c.Code)
		d.add16(e, uint16(nativeNumber(c.NR)))
		return
	}
	if isProgram(c.Event) {
		d.programCall(e, th, c)
	} else {
		for _, p := range c.Params {
			d.param(e, p)
		}
	}
	d.object(e, c)
	d.follow(e, c)
}
