package syscall

import (
	"bytes"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/process"
)

// isProgram tells which encodings describe a whole program.
func isProgram(num uint16) bool {
	switch num {
	case EvExecveX, EvExecveatX, EvCloneX, EvForkX, EvVforkX, EvClone3X:
		return true
	}
	return false
}

// keepBytes takes what was appended to a buffer of scratch; it lives until the
// event is reset.
func keepBytes(scratch *event.Scratch, b []byte) []byte {
	scratch.Text(b)
	return b
}

// withSlash is a directory with a slash at its end.
func withSlash(scratch *event.Scratch, dir string) string {
	if dir == "" || dir[len(dir)-1] == '/' {
		return dir
	}
	b := scratch.Buffer(len(dir) + 1)
	return scratch.Text(append(append(b, dir...), '/'))
}

// fork is a new process or thread: the event is the child's.
func (d *LiveDecoder) fork(e *Event) {
	var f abi.Fork
	fact(&d.rec, abi.SecFork, &f)
	d.begin(e, forkEvent(f.Call))
	flags := cloneFlags(uint64(f.Flags))
	if d.self.InPidns {
		flags |= uint32(process.ChildInPidns)
	}
	parent := process.Identity{TID: int64(f.ParentTID), PID: int64(f.ParentPID), PTID: 0, Comm: d.self.Comm}
	switch f.ParentPID { // with CLONE_PARENT the maker is neither, and its start is unknown
	case d.rec.PID:
		parent.StartTime = d.rec.Start
	case d.rec.PPID:
		parent.StartTime = d.rec.ParentStart
	}
	d.ensure(int64(f.ParentPID), parent.StartTime, e.Head.Time)
	d.ensure(d.self.PTID, d.rec.ParentStart, e.Head.Time)
	th := d.threads.Fork(&parent, &d.self, process.Flags(flags), e.Head.Time)
	setCaps(th, f.CapInheritable, f.CapPermitted, f.CapEffective)
	th.PidnsInitStartTime = d.BootTime + f.PidnsStart
	if cgroups := d.cgroups(e); cgroups != nil {
		th.SetCgroups(alias(cgroups))
	}
	e.Thread = th
	d.cloneParams(e, th, 0, flags, f.PidnsStart)
}

// forkEvent is the encoding for the call that made the child; a kernel that does
// not tell which one it was gets clone.
func forkEvent(call uint32) uint16 {
	if int(call) < len(abi.Calls) {
		switch num := abi.Calls[call].Event; num {
		case EvForkX, EvVforkX, EvClone3X:
			return num
		}
	}
	return EvCloneX
}

// cloneParams appends the parameters of a clone event.
func (d *LiveDecoder) cloneParams(e *Event, th *process.Thread, res int64, flags uint32, pidns uint64) {
	d.add64(e, uint64(res))
	d.addText(e, th.Exe)
	d.addList(e, th.Args)
	d.add64(e, uint64(th.TID))
	d.add64(e, uint64(th.PID))
	d.add64(e, uint64(th.PTID))
	e.AddParam(nil) // cwd
	d.add64(e, uint64(th.FDLimit))
	d.add64(e, th.PFMajor)
	d.add64(e, th.PFMinor)
	for range 3 {
		e.AddParam(nil) // memory use
	}
	d.addText(e, th.Comm)
	d.addList(e, th.Cgroups)
	d.add32(e, flags)
	d.add32(e, th.UID)
	d.add32(e, th.GID)
	d.add64(e, uint64(th.VTID))
	d.add64(e, uint64(th.VPID))
	d.add64(e, pidns)
}

// addText appends a text parameter with its NUL.
func (d *LiveDecoder) addText(e *Event, s string) {
	e.AddParam(keepBytes(&e.Head.Scratch, append(append(e.Head.Scratch.Buffer(len(s)+1), s...), 0)))
}

// addList appends a parameter of NUL-separated items.
func (d *LiveDecoder) addList(e *Event, items []string) {
	b := e.Head.Scratch.Buffer(listBytes(items))
	for _, item := range items {
		b = append(append(b, item...), 0)
	}
	e.AddParam(keepBytes(&e.Head.Scratch, b))
}

func listBytes(items []string) (n int) {
	for _, item := range items {
		n += len(item) + 1
	}
	return n
}

// exec is a process that started another program.
func (d *LiveDecoder) exec(e *Event) {
	d.begin(e, EvExecveX)
	var x abi.Exec
	fact(&d.rec, abi.SecExec, &x)
	th := d.threads.Exec(d.thread(e), e.Head.Time)
	e.Thread = th
	path := d.rec.text(abi.SecExe)
	th.ExeDeleted = false
	if trimmed, deleted := cutDeleted(path); deleted {
		th.ExeDeleted, path = true, trimmed
	}
	th.SetExePath(path)
	if cwd := d.rec.text(abi.SecCwd); cwd != "" {
		th.SetCwd(cwd)
	}
	d.execParams(e, &x)
	ProgramFrom(th, e)
	th.VMSizeKB = x.VMSize
	th.PidnsInitStartTime = d.BootTime + x.PidnsStart
}

const deletedMark = " (deleted)"

func cutDeleted(path string) (string, bool) {
	if n := len(path) - len(deletedMark); n > 0 && path[n:] == deletedMark {
		return path[:n], true
	}
	return path, false
}

// execParams appends the parameters of an execve event.
func (d *LiveDecoder) execParams(e *Event, x *abi.Exec) {
	exe, args := splitArgv(d.rec.sections[abi.SecArgv])
	d.add64(e, 0)
	e.AddParam(exe)
	e.AddParam(args)
	d.add64(e, uint64(d.rec.TID))
	d.add64(e, uint64(d.rec.PID))
	d.add64(e, uint64(d.rec.PPID))
	d.addText(e, d.rec.text(abi.SecCwd))
	d.add64(e, x.FDLimit)
	d.add64(e, x.MajorFaults)
	d.add64(e, x.MinorFaults)
	d.add32(e, x.VMSize)
	e.AddParam(nil)
	e.AddParam(nil)
	d.addText(e, d.self.Comm)
	e.AddParam(d.cgroups(e))
	e.AddParam(d.rec.sections[abi.SecEnv])
	d.add32(e, d.rec.TTY)
	d.add64(e, uint64(d.rec.VPGID))
	d.add32(e, d.rec.LoginUID)
	d.add32(e, execFlags(x))
	d.add64(e, x.CapInheritable)
	d.add64(e, x.CapPermitted)
	d.add64(e, x.CapEffective)
	d.add64(e, x.Ino)
	d.add64(e, x.Ctime)
	d.add64(e, x.Mtime)
	d.add32(e, d.rec.UID)
	e.AddParam(d.rec.sections[abi.SecExe])
	d.add64(e, uint64(d.rec.PGID))
	d.add32(e, d.rec.GID)
	e.AddParam(d.rec.sections[abi.SecFilename])
}

// splitArgv divides the arguments into the first and the others.
func splitArgv(argv []byte) (exe, args []byte) {
	if end := bytes.IndexByte(argv, 0); end >= 0 {
		return argv[:end+1], argv[end+1:]
	}
	return argv, nil
}

// cgroups are the record's cgroup paths as subsystem=path items; nil where the
// record has none. They live until the event is reset.
func (d *LiveDecoder) cgroups(e *Event) []byte {
	v2, v1 := d.rec.text(abi.SecCgroup), d.rec.text(abi.SecCgroupV1)
	if v2 == "" && v1 == "" {
		return nil
	}
	const subsystem = "memory="
	b := e.Head.Scratch.Buffer(len("=") + len(v2) + len(subsystem) + len(v1) + 2)
	b = append(append(append(b, '='), v2...), 0)
	if v1 != "" {
		b = append(append(append(b, subsystem...), v1...), 0)
	}
	return keepBytes(&e.Head.Scratch, b)
}

func execFlags(x *abi.Exec) (flags uint32) {
	if x.Flags&abi.ExeWritable != 0 {
		flags |= exeWritable
	}
	if x.Flags&abi.ExeMemfd != 0 {
		flags |= exeFromMemfd
	}
	switch x.Layer {
	case abi.LayerUpper:
		flags |= exeUpperLayer
	case abi.LayerLower:
		flags |= exeLowerLayer
	}
	return flags
}

// programCall is a clone or exec call as its caller sees it: the caller's side
// of a clone, or an exec that failed.
func (d *LiveDecoder) programCall(e *Event, th *process.Thread, c *abi.Call) {
	if c.Event != EvExecveX && c.Event != EvExecveatX {
		d.cloneParams(e, th, d.rec.Ret, cloneFlags(d.cloneArg(c)), 0)
		return
	}
	d.failedExec(e, th)
}

// cloneArg are the flags that the call was given.
func (d *LiveDecoder) cloneArg(c *abi.Call) uint64 {
	switch c.Event {
	case EvCloneX:
		return d.arg(0)
	case EvClone3X:
		return d.blob(abi.SecFetch0, 0, 8)
	case EvVforkX:
		return cloneVM | cloneVfork
	}
	return 0
}

// exit is the end of a thread.
func (d *LiveDecoder) exit(e *Event) {
	d.begin(e, EvProcexitE)
	d.thread(e)
	status := d.rec.Ret
	d.add64(e, uint64(status))
	d.add64(e, uint64(status>>8&0xff))
	d.add8(e, uint8(status&0x7f))
	d.add8(e, uint8(status>>7&1))
	d.add64(e, 0)
	d.threads.Exit(d.self.TID, 0)
}
