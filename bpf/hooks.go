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
	older   string // what the event is called in older kernels; empty: the same
	gives   string // what is lost without it
	need    bool   // capture makes no sense without it
}

// hooks are all of them, lineage first, so that nothing happens unseen between
// the start of capture and the knowledge of who does it.
var hooks = [...]hook{
	{program: directProgSchedExit, event: "sched_process_exit", gives: "the end of processes", need: true},
	{program: directProgSchedFork, event: "sched_process_fork", gives: "new processes", need: true},
	{program: directProgSchedExec, event: "sched_process_exec", gives: "started programs", need: true},
	{program: directProgSysExit, event: "sys_exit", gives: "system calls", need: true},
	{program: directProgUringSubmit, event: "io_uring_submit_req", older: "io_uring_submit_sqe", gives: "what io_uring is asked to do"},
	{program: directProgUringComplete, event: "io_uring_complete", gives: "what io_uring did"},
}

// kernelEvent is what this kernel calls the event.
func (h hook) kernelEvent() string {
	if h.older != "" && tracepoint(h.event) == nil && takesRequest(tracepoint(h.older)) {
		return h.older
	}
	return h.event
}

// takesRequest tells whether an event of io_uring hands over the request itself,
// as it does since 6.0; before, it told too little of it.
func takesRequest(proto *btf.FuncProto) bool {
	if proto == nil || len(proto.Params) < 2 {
		return false
	}
	pointer, ok := proto.Params[1].Type.(*btf.Pointer)
	if !ok {
		return false
	}
	request, ok := pointer.Target.(*btf.Struct)
	return ok && request.Name == "io_kiocb"
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
	event := h.kernelEvent()
	prog, err := o.program(h.program, event)
	if err != nil {
		return attached{}, err
	}
	var l link.Link
	if prog.Type() == ebpf.Tracing {
		l, err = link.AttachTracing(link.TracingOptions{Program: prog})
	} else {
		l, err = link.AttachRawTracepoint(link.RawTracepointOptions{Name: event, Program: prog})
	}
	if err != nil {
		return attached{}, errors.Join(fmt.Errorf("attach to %s: %w", event, err), prog.Close())
	}
	return attached{prog, l}, nil
}

// tracepoint is the signature of a kernel event, whose first parameter is not
// the event's own; nil if the kernel has none of that name.
func tracepoint(event string) *btf.FuncProto {
	spec, err := btf.LoadKernelSpec()
	if err != nil {
		return nil
	}
	var def *btf.Typedef
	if spec.TypeByName("btf_trace_"+event, &def) != nil {
		return nil
	}
	pointer, ok := def.Type.(*btf.Pointer)
	if !ok {
		return nil
	}
	proto, _ := pointer.Target.(*btf.FuncProto)
	return proto
}

// cqeParams: the tracepoint, the ring, the request and the completion.
const cqeParams = 4

// completionIsCQE tells which form the event io_uring_complete has: since 6.13
// its third argument is the completion itself.
func completionIsCQE() bool {
	proto := tracepoint("io_uring_complete")
	return proto != nil && len(proto.Params) == cqeParams
}
