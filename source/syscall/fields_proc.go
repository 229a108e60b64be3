package syscall

import (
	"math"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

var procFields = []field.Definition{
	{Name: "proc.name", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name of the process: the program's file name at exec, up to 15 bytes.",
		Get: thread(func(t *process.Thread) event.Value { return event.Text(t.Comm) })},
	{Name: "proc.exe", Type: field.Charbuf, Flags: field.Forgeable, Desc: "First command line argument, which the caller of exec may choose.",
		Get: thread(func(t *process.Thread) event.Value { return event.Text(t.Exe) })},
	{Name: "proc.exepath", Type: field.Charbuf, Desc: "Full path of the executable.", Get: thread(exePath)},
	{Name: "proc.cmdline", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name and arguments.",
		Get: thread(func(t *process.Thread) event.Value { return event.Text(t.Cmdline()) })},
	{Name: "proc.exeline", Type: field.Charbuf, Desc: "First command line argument and the others.",
		Get: thread(func(t *process.Thread) event.Value { return event.Text(t.Exeline()) })},
	{Name: "proc.args", Type: field.Charbuf, Flags: field.Forgeable, Arg: field.ArgOptional | field.ArgIndex,
		Desc: "Arguments without the first, with spaces between; with a number, one of them.",
		Get:  thread(func(t *process.Thread) event.Value { return event.Text(t.Arguments()) }), Bind: bindProcArg},
	{Name: "proc.cmdnargs", Type: field.Uint64, Flags: field.Forgeable, Desc: "How many arguments there are, without the first.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(uint64(len(t.Args))) })},
	{Name: "proc.cmdlenargs", Type: field.Uint64, Flags: field.Forgeable, Desc: "How many bytes the arguments have, without the first.", Get: thread(argBytes)},
	{Name: "proc.env", Type: field.Charbuf, Flags: field.Forgeable, Arg: field.ArgOptional | field.ArgKey,
		Desc: "Environment, with spaces between; with a name, the value of that variable.",
		Get:  thread(func(t *process.Thread) event.Value { return event.Text(t.Environ()) }), Bind: bindProcEnv},
	{Name: "proc.cwd", Type: field.Charbuf, Desc: "Working directory, ending in a slash.",
		Get: thread(func(t *process.Thread) event.Value { return event.Text(t.Cwd()) })},
	{Name: "proc.tty", Type: field.Uint32, Desc: "Number of the controlling terminal, 0 for none.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(uint64(t.TTY)) })},
	{Name: "proc.pid", Type: field.Int64, Desc: "Process id.", Get: thread(func(t *process.Thread) event.Value { return pid(t.PID) })},
	{Name: "proc.vpid", Type: field.Int64, Desc: "Process id in the process's own pid namespace.", Get: vpid},
	{Name: "proc.is_exe_writable", Type: field.Bool, Desc: "Whether the process's user may write to the executable.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.ExeWritable) })},
	{Name: "proc.is_exe_upper_layer", Type: field.Bool, Desc: "Whether the executable is in the upper layer of an overlay file system: not part of the image.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.ExeUpperLayer) })},
	{Name: "proc.is_exe_lower_layer", Type: field.Bool, Desc: "Whether the executable is in a lower layer of an overlay file system.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.ExeLowerLayer) })},
	{Name: "proc.is_exe_from_memfd", Type: field.Bool, Desc: "Whether the executable is no file but memory.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.ExeFromMemfd) })},
	{Name: "proc.exe_ino", Type: field.Int64, Desc: "Inode number of the executable.",
		Get: thread(func(t *process.Thread) event.Value { return event.Int(int64(t.ExeIno)) })},
	{Name: "proc.exe_ino.ctime", Type: field.AbsTime, Desc: "Last change of the executable's inode, in nanoseconds since the epoch.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(t.ExeInoCtime) })},
	{Name: "proc.exe_ino.mtime", Type: field.AbsTime, Desc: "Last change of the executable's content, in nanoseconds since the epoch.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(t.ExeInoMtime) })},
	{Name: "proc.exe_ino.ctime_duration_proc_start", Type: field.AbsTime, Desc: "Nanoseconds between the last change of the executable's inode and the start of the process.",
		Get: thread(func(t *process.Thread) event.Value { return elapsed(t.ExeInoCtime, t.CloneTime) })},
	{Name: "proc.exe_ino.ctime_duration_pidns_start", Type: field.AbsTime, Desc: "Nanoseconds between the start of the pid namespace and the last change of the executable's inode.",
		Get: thread(func(t *process.Thread) event.Value { return elapsed(t.PidnsInitStartTime, t.ExeInoCtime) })},
	{Name: "proc.pidns_init_start_ts", Type: field.Uint64, Desc: "Start of the pid namespace, in nanoseconds since the epoch.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(t.PidnsInitStartTime) })},
	{Name: "proc.pid.ts", Type: field.RelTime, Desc: "Start of the process, in nanoseconds since the epoch.", Get: thread(startTime)},
	{Name: "proc.duration", Type: field.RelTime, Desc: "Nanoseconds since the start of the process.", Get: duration},
}

// exePath is the executable's path without the mark of a deleted file.
func exePath(t *process.Thread) event.Value {
	return event.Text(strings.TrimSuffix(t.ExePath, " (deleted)"))
}

func argBytes(t *process.Thread) event.Value {
	n := 0
	for _, arg := range t.Args {
		n += len(arg)
	}
	return event.Uint(uint64(n))
}

func bindProcArg(arg string) (field.Getter, error) {
	n, err := index(arg)
	if err != nil {
		return nil, err
	}
	return thread(func(t *process.Thread) event.Value {
		if n >= len(t.Args) {
			return event.Value{}
		}
		return event.Text(t.Args[n])
	}), nil
}

func bindProcEnv(name string) (field.Getter, error) {
	return thread(func(t *process.Thread) event.Value { return variable(t, name) }), nil
}

func variable(t *process.Thread, name string) event.Value {
	if v, ok := t.Getenv(name); ok {
		return event.Text(v)
	}
	return event.Value{}
}

// pid is a process or thread id; ids beyond what a kernel gives out, which
// sandboxes use, have no value.
func pid(n int64) event.Value {
	if n > math.MaxInt32 {
		return event.Value{}
	}
	return event.Int(n)
}

func vpid(ev *event.Event) event.Value {
	t := of(ev).Thread
	if t == nil || t.VPID < 0 {
		return event.Value{}
	}
	return event.Int(t.VPID)
}

// elapsed is the time between two others; missing where one of them is.
func elapsed(from, to uint64) event.Value {
	if from == 0 || to == 0 {
		return event.Value{}
	}
	return event.Uint(to - min(from, to))
}

func startTime(t *process.Thread) event.Value {
	if t.CloneTime == 0 {
		return event.Value{}
	}
	return event.Uint(t.CloneTime)
}

func duration(ev *event.Event) event.Value {
	if t := of(ev).Thread; t != nil {
		return elapsed(t.CloneTime, ev.Time)
	}
	return event.Value{}
}
