package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

// anyAncestor are the flags of fields that stand for all ancestors where they
// have no argument: they are no list fields, but yield a list, for one of which
// a comparison must be true.
const anyAncestor = field.NoRHS | field.NoTransformer

var lineageFields = []field.Definition{
	{Name: "proc.pname", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name of the parent.", Get: parent(comm)},
	{Name: "proc.pexe", Type: field.Charbuf, Flags: field.Forgeable, Desc: "First command line argument of the parent.", Get: parent(exe)},
	{Name: "proc.pexepath", Type: field.Charbuf, Desc: "Full path of the parent's executable.", Get: parent(exePath)},
	{Name: "proc.pcmdline", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name and arguments of the parent.", Get: parent(cmdline)},
	{Name: "proc.ppid", Type: field.Int64, Desc: "Process id of the parent.", Get: parentID},
	{Name: "proc.pvpid", Type: field.Int64, Desc: "Process id of the parent in its own pid namespace.",
		Get: parent(func(t *process.Thread) event.Value { return event.Int(t.VPID) })},
	{Name: "proc.ppid.ts", Type: field.RelTime, Desc: "Start of the parent, in nanoseconds since the epoch.", Get: parent(startTime)},
	{Name: "proc.ppid.duration", Type: field.RelTime, Desc: "Nanoseconds since the start of the parent.", Get: parentDuration},
	{Name: "proc.aname", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex, Flags: anyAncestor | field.Forgeable,
		Desc: "Name of the ancestor with that number: 1 is the parent; without a number, of any ancestor.", Get: ancestors(comm), Bind: ancestor(comm)},
	{Name: "proc.aexe", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex, Flags: anyAncestor | field.Forgeable,
		Desc: "As proc.aname, the first command line argument.", Get: ancestors(exe), Bind: ancestor(exe)},
	{Name: "proc.aexepath", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex, Flags: anyAncestor,
		Desc: "As proc.aname, the path of the executable.", Get: ancestors(exePath), Bind: ancestor(exePath)},
	{Name: "proc.apid", Type: field.Int64, Arg: field.ArgOptional | field.ArgIndex, Flags: anyAncestor,
		Desc: "As proc.aname, the process id.", Get: ancestors(ownPID), Bind: ancestor(ownPID)},
	{Name: "proc.acmdline", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex, Flags: anyAncestor | field.Forgeable,
		Desc: "As proc.aname, name and arguments.", Get: ancestors(cmdline), Bind: ancestor(cmdline)},
	{Name: "proc.aargs", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex,
		Desc: "As proc.aname, the arguments.", Get: ancestors(arguments), Bind: ancestor(arguments)},
	{Name: "proc.aenv", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgIndex | field.ArgKey, Flags: anyAncestor | field.Forgeable,
		Desc: "Environment of the ancestor with that number; with a name, that variable of the nearest ancestor that has it; without argument the process's own.", Get: leader(environ), Bind: bindAncestorEnv},
	{Name: "proc.loginshellid", Type: field.Int64, Desc: "Process id of the oldest shell among the process and its ancestors.", Get: thread(loginShell)},
	{Name: "proc.nchilds", Type: field.Uint64, Desc: "How many threads the process has beside the main one.", Get: thread(otherThreads)},
	{Name: "proc.nthreads", Type: field.Uint64, Desc: "How many threads the process has.", Get: thread(threadCount)},
}

func comm(t *process.Thread) event.Value      { return event.Text(t.Comm) }
func exe(t *process.Thread) event.Value       { return event.Text(t.Exe) }
func cmdline(t *process.Thread) event.Value   { return event.Text(t.Cmdline()) }
func arguments(t *process.Thread) event.Value { return event.Text(t.Arguments()) }
func environ(t *process.Thread) event.Value   { return event.Text(t.Environ()) }
func ownPID(t *process.Thread) event.Value    { return pid(t.PID) }

// maxAncestors bounds how far lineage is walked, against a loop in it.
const maxAncestors = 256

// main is the main thread of the event's process, nil where it is not known.
func (e *Event) main() *process.Thread {
	if e.Thread == nil {
		return nil
	}
	return e.Thread.Leader()
}

// leader makes a getter of what is known of the process's main thread.
func leader(get func(*process.Thread) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		if t := of(ev).main(); t != nil {
			return get(t)
		}
		return event.Value{}
	}
}

// parent makes a getter of what is known of the parent.
func parent(get func(*process.Thread) event.Value) field.Getter {
	return nth(1, get)
}

// nth makes a getter of what is known of the n-th ancestor.
func nth(n int, get func(*process.Thread) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		t := of(ev).main()
		if t == nil {
			return event.Value{}
		}
		if t = t.Ancestor(n); t == nil {
			return event.Value{}
		}
		return get(t)
	}
}

// ancestor makes a Bind of nth.
func ancestor(get func(*process.Thread) event.Value) func(string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		n, err := index(arg)
		if err != nil {
			return nil, err
		}
		return nth(min(n, maxAncestors), get), nil
	}
}

// ancestors makes a getter of the list of what is known of all ancestors.
func ancestors(get func(*process.Thread) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		t := of(ev).main()
		if t == nil {
			return event.Value{}
		}
		n := 0
		for a := t.Parent(); a != nil && n < maxAncestors; a = a.Parent() {
			n++
		}
		if n == 0 {
			return event.Value{}
		}
		list := ev.Scratch.List(n)
		for i := range list {
			t = t.Parent()
			list[i] = get(t)
		}
		return event.ListOf(list)
	}
}

// bindAncestorEnv takes a number as an ancestor's, any other argument as the
// name of a variable.
func bindAncestorEnv(arg string) (field.Getter, error) {
	if isNumber(arg) {
		return ancestor(environ)(arg)
	}
	return func(ev *event.Event) event.Value {
		t := of(ev).main()
		for n := 0; t != nil && n < maxAncestors; n++ {
			if v := variable(t, arg); n > 0 && v.Exists() {
				return v
			}
			t = t.Parent()
		}
		return event.Value{}
	}, nil
}

func parentID(ev *event.Event) event.Value {
	t := of(ev).main()
	if t == nil || t.Parent() == nil {
		return event.Value{}
	}
	return pid(t.PTID)
}

func parentDuration(ev *event.Event) event.Value {
	t := of(ev).main()
	if t == nil || t.Parent() == nil {
		return event.Value{}
	}
	return elapsed(t.Parent().CloneTime, ev.Time)
}

// loginShell is the oldest process with a shell's name.
func loginShell(t *process.Thread) event.Value {
	var found event.Value
	t = t.Leader()
	for n := 0; t != nil && n < maxAncestors; n++ {
		if c := t.Comm; len(c) >= 2 && c[len(c)-2:] == "sh" {
			found = event.Int(t.PID)
		}
		t = t.Parent()
	}
	return found
}

func otherThreads(t *process.Thread) event.Value {
	g := t.Group()
	if g == nil {
		return event.Uint(0)
	}
	n := g.Alive()
	if main := t.Leader(); main != nil && !main.Dead() {
		n--
	}
	return event.Uint(uint64(n))
}

func threadCount(t *process.Thread) event.Value {
	if t.Group() == nil {
		return event.Uint(0)
	}
	return event.Uint(uint64(t.Group().Alive()))
}
