package bpf

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// hook is one program and the kernel event that it hangs on.
type hook struct {
	program string
	event   string
	gives   string // what is lost without it
	need    bool   // capture makes no sense without it
}

// hooks are all of them, lineage first, so that nothing happens unseen between
// the start of capture and the knowledge of who does it.
var hooks = [...]hook{
	{directProgSchedExit, "sched_process_exit", "the end of processes", true},
	{directProgSchedFork, "sched_process_fork", "new processes", true},
	{directProgSchedExec, "sched_process_exec", "started programs", true},
	{directProgSysExit, "sys_exit", "system calls", true},
}

// HookState tells how one hook is doing.
type HookState struct {
	Event string // kernel event
	Gives string // what it delivers
	Err   error  // why it is not attached; nil: it is
}

// attached is a hook in the kernel.
type attached struct {
	prog *ebpf.Program
	link link.Link
}

func (a attached) close() error { return errors.Join(a.link.Close(), a.prog.Close()) }

// attach loads a program and hangs it on its event.
func (o *objects) attach(h hook) (attached, error) {
	prog, err := o.program(h.program)
	if err != nil {
		return attached{}, err
	}
	var l link.Link
	if prog.Type() == ebpf.Tracing {
		l, err = link.AttachTracing(link.TracingOptions{Program: prog})
	} else {
		l, err = link.AttachRawTracepoint(link.RawTracepointOptions{Name: h.event, Program: prog})
	}
	if err != nil {
		return attached{}, errors.Join(fmt.Errorf("attach to %s: %w", h.event, err), prog.Close())
	}
	return attached{prog, l}, nil
}
