package syscall

import (
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/process"
)

// failedExec appends the parameters of an exec that did not start: those of the
// program that goes on running, and the path and arguments that were asked for.
func (d *LiveDecoder) failedExec(e *Event, th *process.Thread) {
	exe, args := splitArgv(d.fetched(1))
	d.add64(e, uint64(d.rec.Ret))
	e.AddParam(exe)
	e.AddParam(args)
	d.add64(e, uint64(d.rec.TID))
	d.add64(e, uint64(d.rec.PID))
	d.add64(e, uint64(d.rec.PPID))
	d.addText(e, th.Cwd())
	d.add64(e, uint64(th.FDLimit))
	for range 5 {
		e.AddParam(nil) // memory use
	}
	d.addText(e, th.Comm)
	d.addList(e, th.Cgroups)
	e.AddParam(nil) // environment
	d.add32(e, d.rec.TTY)
	d.add64(e, uint64(d.rec.VPGID))
	d.add32(e, d.rec.LoginUID)
	d.add32(e, 0)
	d.add64(e, th.CapInheritable)
	d.add64(e, th.CapPermitted)
	d.add64(e, th.CapEffective)
	d.add64(e, th.ExeIno)
	d.add64(e, th.ExeInoCtime)
	d.add64(e, th.ExeInoMtime)
	d.add32(e, d.rec.UID)
	d.addText(e, th.ExePath)
	d.add64(e, uint64(d.rec.PGID))
	d.add32(e, d.rec.GID)
	e.AddParam(d.fetched(0))
}

// follow brings the process up to date with a call that changes it. Who it is
// has been taken over from the record already.
func (d *LiveDecoder) follow(e *Event, c *abi.Call) {
	if cwd := d.rec.text(abi.SecCwd); cwd != "" {
		e.Thread.SetCwd(cwd)
	}
	d.learnCwd(e.Thread, c)
	if fact(&d.rec, abi.SecCaps, &d.caps) {
		setCaps(e.Thread, d.caps.Inheritable, d.caps.Permitted, d.caps.Effective)
	}
	switch c.Event {
	case EvPrctlX, EvSetrlimitX:
		if do := transitions[c.Event]; do != nil {
			do(nil, e)
		}
	case EvChrootX:
		if d.rec.Ret == 0 {
			d.path = process.AppendPath(d.path[:0], withSlash(&e.Head.Scratch, d.rec.text(abi.SecBase0)), cstring(d.fetched(0)))
			e.Thread.SetRoot(alias(d.path))
		}
	}
}

// capParam appends a capability set.
func (d *LiveDecoder) capParam(e *Event, set uint8) {
	if !fact(&d.rec, abi.SecCaps, &d.caps) {
		e.AddParam(nil)
		return
	}
	sets := [...]uint64{d.caps.Inheritable, d.caps.Permitted, d.caps.Effective}
	d.add64(e, sets[min(int(set), len(sets)-1)])
}

// learnCwd takes over the working directory where a relative path told it.
func (d *LiveDecoder) learnCwd(th *process.Thread, c *abi.Call) {
	for i, f := range c.Fetch {
		if f.Kind != abi.FetchPath {
			continue
		}
		dir := d.rec.text(abi.SecBase0 + abi.Section(i))
		if dir != "" && (f.Aux == abi.NoArg || int64(extend(d.arg(f.Aux))) == atFDCWD) {
			th.SetCwd(dir)
		}
	}
}
