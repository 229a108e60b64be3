package bpf

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
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
	{directProgUringSubmit, "io_uring_submit_req", "what io_uring is asked to do", false},
	{directProgUringComplete, "io_uring_complete", "what io_uring did", false},
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

// cqeParams: the tracepoint, the ring, the request and the completion.
const cqeParams = 4

// completionIsCQE tells which form the event io_uring_complete has: since 6.13
// its third argument is the completion itself.
func completionIsCQE() bool {
	spec, err := btf.LoadKernelSpec()
	if err != nil {
		return false
	}
	var event *btf.Typedef
	if spec.TypeByName("btf_trace_io_uring_complete", &event) != nil {
		return false
	}
	pointer, ok := event.Type.(*btf.Pointer)
	if !ok {
		return false
	}
	proto, ok := pointer.Target.(*btf.FuncProto)
	return ok && len(proto.Params) == cqeParams
}
