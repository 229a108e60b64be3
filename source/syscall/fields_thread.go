package syscall

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

var threadFields = []field.Definition{
	{Name: "thread.tid", Type: field.Int64, Desc: "Thread id.", Get: func(ev *event.Event) event.Value { return pid(of(ev).TID) }},
	{Name: "thread.vtid", Type: field.Int64, Desc: "Thread id in the thread's own pid namespace.", Get: vtid},
	{Name: "thread.ismain", Type: field.Bool, Desc: "Whether the thread is its process's main thread.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.IsLeader()) })},
	{Name: "thread.nametid", Type: field.Charbuf, Flags: field.TableOnly, Desc: "Name and id of the thread.", Missing: "use proc.name and thread.tid"},
	{Name: "thread.cap_permitted", Type: field.Charbuf, Desc: "Names of the permitted capabilities, with spaces between.",
		Get: capabilities(func(t *process.Thread) uint64 { return t.CapPermitted })},
	{Name: "thread.cap_inheritable", Type: field.Charbuf, Desc: "Names of the inheritable capabilities, with spaces between.",
		Get: capabilities(func(t *process.Thread) uint64 { return t.CapInheritable })},
	{Name: "thread.cap_effective", Type: field.Charbuf, Desc: "Names of the effective capabilities, with spaces between.",
		Get: capabilities(func(t *process.Thread) uint64 { return t.CapEffective })},
	{Name: "thread.cgroups", Type: field.Charbuf, Desc: "Cgroups as subsystem=path, with spaces between.", Get: cgroups},
	{Name: "thread.cgroup", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Desc: "Path of the cgroup of the subsystem that the argument names.", Bind: bindCgroup},
	{Name: "thread.exectime", Type: field.RelTime, Desc: "CPU time since the last scheduling; zero, scheduling is not captured.", Get: zero},
	{Name: "thread.totexectime", Type: field.RelTime, Desc: "CPU time of the thread.", Missing: noScheduling},
	{Name: "thread.cpu", Type: field.Double, Desc: "CPU use of the thread.", Missing: noScheduling},
	{Name: "thread.cpu.user", Type: field.Double, Desc: "CPU use of the thread in user mode.", Missing: noScheduling},
	{Name: "thread.cpu.system", Type: field.Double, Desc: "CPU use of the thread in the kernel.", Missing: noScheduling},
	{Name: "thread.pfmajor", Type: field.Uint64, Desc: "Major page faults.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(t.PFMajor) })},
	{Name: "thread.pfminor", Type: field.Uint64, Desc: "Minor page faults.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(t.PFMinor) })},
	{Name: "thread.vmsize", Type: field.Uint64, Desc: "Virtual memory in kB, of main threads; zero for others.", Get: mainOnly(vmSize)},
	{Name: "thread.vmrss", Type: field.Uint64, Desc: "Resident memory in kB, of main threads; zero for others.", Get: mainOnly(vmRSS)},
	{Name: "thread.vmsize.b", Type: field.Uint64, Flags: field.TableOnly, Desc: "Virtual memory in bytes, of main threads; zero for others.",
		Get: mainOnly(func(t *process.Thread) uint64 { return vmSize(t) << 10 })},
	{Name: "thread.vmrss.b", Type: field.Uint64, Flags: field.TableOnly, Desc: "Resident memory in bytes, of main threads; zero for others.",
		Get: mainOnly(func(t *process.Thread) uint64 { return vmRSS(t) << 10 })},
	{Name: "proc.vmsize", Type: field.Uint64, Desc: "Virtual memory in kB.", Get: usage(vmSize)},
	{Name: "proc.vmrss", Type: field.Uint64, Desc: "Resident memory in kB.", Get: usage(vmRSS)},
	{Name: "proc.vmswap", Type: field.Uint64, Desc: "Swapped memory in kB.",
		Get: usage(func(t *process.Thread) uint64 { return uint64(t.VMSwapKB) })},
	{Name: "proc.fdopencount", Type: field.Uint64, Desc: "How many descriptors the process has open, in captures.",
		Get: inCaptures(thread(openFDs))},
	{Name: "proc.fdlimit", Type: field.Int64, Desc: "How many descriptors the process may have open.",
		Get: thread(func(t *process.Thread) event.Value { return event.Int(t.FDLimit) })},
	{Name: "proc.fdusage", Type: field.Double, Desc: "Open descriptors in percent of the limit, in captures.", Get: inCaptures(fdUsage)},
	{Name: "proc.stdin.type", Type: field.Charbuf, Desc: "Type of the standard input, in captures.", Get: standard(0, fdTypeOf)},
	{Name: "proc.stdout.type", Type: field.Charbuf, Desc: "Type of the standard output, in captures.", Get: standard(1, fdTypeOf)},
	{Name: "proc.stderr.type", Type: field.Charbuf, Desc: "Type of the standard error, in captures.", Get: standard(2, fdTypeOf)},
	{Name: "proc.stdin.name", Type: field.Charbuf, Desc: "Name of the standard input, in captures.", Get: standard(0, fdNameOf)},
	{Name: "proc.stdout.name", Type: field.Charbuf, Desc: "Name of the standard output, in captures.", Get: standard(1, fdNameOf)},
	{Name: "proc.stderr.name", Type: field.Charbuf, Desc: "Name of the standard error, in captures.", Get: standard(2, fdNameOf)},
}

// noScheduling is why there are no CPU times.
const noScheduling = "scheduling is not captured; the host metrics receiver measures CPU use"

func vtid(ev *event.Event) event.Value {
	t := of(ev).Thread
	if t == nil || t.VTID < 0 {
		return event.Value{}
	}
	return event.Int(t.VTID)
}

// capabilities makes a getter of the names of a set of capabilities.
func capabilities(set func(*process.Thread) uint64) field.Getter {
	return func(ev *event.Event) event.Value {
		t := of(ev).Thread
		if t == nil {
			return event.Value{}
		}
		bits := set(t)
		if bits == 0 {
			return event.Text("")
		}
		return event.Text(ev.Scratch.Text(appendCapabilities(ev.Scratch.Buffer(argsRoom), bits)))
	}
}

func appendCapabilities(b []byte, set uint64) []byte {
	for bit, name := range capNames {
		if set&(1<<bit) == 0 {
			continue
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(b, name...)
	}
	return b
}

func cgroups(ev *event.Event) event.Value {
	t := of(ev).Thread
	if t == nil {
		return event.Value{}
	}
	b := ev.Scratch.Buffer(argsRoom)
	for i, cgroup := range t.Cgroups {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, cgroup...)
	}
	return event.Text(ev.Scratch.Text(b))
}

func bindCgroup(subsystem string) (field.Getter, error) {
	return thread(func(t *process.Thread) event.Value {
		for _, cgroup := range t.Cgroups {
			if name, path, ok := strings.Cut(cgroup, "="); ok && name == subsystem {
				return event.Text(path)
			}
		}
		return event.Value{}
	}), nil
}

func vmSize(t *process.Thread) uint64 { return uint64(t.VMSizeKB) }
func vmRSS(t *process.Thread) uint64  { return uint64(t.VMRSSKB) }

// usage makes a getter of what the process's main thread uses, 0 where that is
// not known.
func usage(get func(*process.Thread) uint64) field.Getter {
	return thread(func(t *process.Thread) event.Value {
		if t = t.Leader(); t == nil {
			return event.Uint(0)
		}
		return event.Uint(get(t))
	})
}

// openFDs counts the descriptors of the process, none for one that is not known.
func openFDs(t *process.Thread) event.Value {
	if t = t.Leader(); t == nil {
		return event.Uint(0)
	}
	return event.Uint(uint64(t.FDs.Len()))
}

// mainOnly makes a getter that is zero for all but main threads, so that adding
// up over threads counts a process once.
func mainOnly(get func(*process.Thread) uint64) field.Getter {
	return thread(func(t *process.Thread) event.Value {
		if !t.IsLeader() {
			return event.Uint(0)
		}
		return event.Uint(get(t))
	})
}

// inCaptures makes a getter that is missing for live events, of what needs the
// table of a process's descriptors.
func inCaptures(get field.Getter) field.Getter {
	return func(ev *event.Event) event.Value {
		if e := of(ev); e.Host != nil && e.Host.Live {
			return event.Value{}
		}
		return get(ev)
	}
}

func fdUsage(ev *event.Event) event.Value {
	t := of(ev).main()
	if t == nil || t.FDLimit <= 0 {
		return event.Value{}
	}
	return event.Float(100 * float64(t.FDs.Len()) / float64(t.FDLimit))
}

// standard makes a getter of one of the standard descriptors.
func standard(n int64, get func(*event.Event, *process.FD) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		fd := of(ev).Descriptor(n)
		if fd == nil {
			return event.Value{}
		}
		return get(ev, fd)
	}
}

func fdTypeOf(_ *event.Event, fd *process.FD) event.Value { return event.Text(fd.Type.String()) }

func fdNameOf(ev *event.Event, fd *process.FD) event.Value {
	if fd.Name != "" {
		return event.Text(fd.Name)
	}
	return event.Text(ev.Scratch.Text(appendFDName(ev.Scratch.Buffer(argRoom), fd)))
}
