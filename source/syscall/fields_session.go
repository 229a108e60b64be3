package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

var sessionFields = []field.Definition{
	{Name: "proc.sid", Type: field.Int64, Desc: "Session id, in the process's pid namespace.", Get: thread(sid.of)},
	{Name: "proc.sname", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name of the session's leader.", Get: leads(&sid, comm)},
	{Name: "proc.sid.exe", Type: field.Charbuf, Flags: field.Forgeable, Desc: "First command line argument of the session's leader.", Get: leads(&sid, exe)},
	{Name: "proc.sid.exepath", Type: field.Charbuf, Desc: "Path of the executable of the session's leader.", Get: leads(&sid, exePath)},
	{Name: "proc.is_sid_leader", Type: field.Bool, Desc: "Whether the process leads its session.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.SID == t.VPID) })},
	{Name: "proc.vpgid", Type: field.Int64, Desc: "Process group id, in the process's pid namespace.", Get: thread(vpgid.of)},
	{Name: "proc.vpgid.name", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name of the process group's leader.", Get: leads(&vpgid, comm)},
	{Name: "proc.vpgid.exe", Type: field.Charbuf, Flags: field.Forgeable, Desc: "First command line argument of the process group's leader.", Get: leads(&vpgid, exe)},
	{Name: "proc.vpgid.exepath", Type: field.Charbuf, Desc: "Path of the executable of the process group's leader.", Get: leads(&vpgid, exePath)},
	{Name: "proc.is_vpgid_leader", Type: field.Bool, Desc: "Whether the process leads its process group.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.VPGID == t.VPID) })},
	{Name: "proc.pgid", Type: field.Int64, Desc: "Process group id, in the host's pid namespace.", Get: thread(pgid.of)},
	{Name: "proc.pgid.name", Type: field.Charbuf, Flags: field.Forgeable, Desc: "Name of the process group's leader.", Get: leads(&pgid, comm)},
	{Name: "proc.pgid.exe", Type: field.Charbuf, Flags: field.Forgeable, Desc: "First command line argument of the process group's leader.", Get: leads(&pgid, exe)},
	{Name: "proc.pgid.exepath", Type: field.Charbuf, Desc: "Path of the executable of the process group's leader.", Get: leads(&pgid, exePath)},
	{Name: "proc.is_pgid_leader", Type: field.Bool, Desc: "Whether the process leads its process group.",
		Get: thread(func(t *process.Thread) event.Value { return event.Bool(t.PGID == t.PID) })},
}

// union is a set of processes with a leader, whose id it has.
type union struct {
	id   func(*process.Thread) int64
	host bool // the id is of the host's pid namespace
}

var (
	sid   = union{id: func(t *process.Thread) int64 { return t.SID }}
	vpgid = union{id: func(t *process.Thread) int64 { return t.VPGID }}
	pgid  = union{id: func(t *process.Thread) int64 { return t.PGID }, host: true}
)

func (u *union) of(t *process.Thread) event.Value { return event.Int(u.id(t)) }

// leader is the process that leads t's union: the one with its id, where that
// is a host's id and the process is still there; else t's oldest ancestor of
// the same union; nil where there is neither.
func (u *union) leader(t *process.Thread, threads *process.Table) *process.Thread {
	id := u.id(t)
	if id < 0 {
		return nil // not known
	}
	if threads != nil && (u.host || !t.InPidNamespace()) {
		if found := threads.Get(id); found != nil {
			return found
		}
	}
	var oldest *process.Thread
	t = t.Leader()
	for n := 0; t != nil && n < maxAncestors; n++ {
		if t = t.Parent(); t == nil || u.id(t) != id {
			break
		}
		oldest = t
	}
	return oldest
}

// leads makes a getter of what is known of the leader, an empty text for one
// that is gone.
func leads(u *union, get func(*process.Thread) event.Value) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		if e.Thread == nil {
			return event.Value{}
		}
		var threads *process.Table
		if e.Host != nil {
			threads = e.Host.Threads
		}
		if t := u.leader(e.Thread, threads); t != nil {
			return get(t)
		}
		return event.Text("")
	}
}
