package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
)

var userFields = []field.Definition{
	{Name: "user.uid", Type: field.Uint32, Desc: "Effective user id of the process.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(uint64(t.UID)) })},
	{Name: "user.name", Type: field.Charbuf, Desc: "Name of the effective user, <NA> where it is not known.",
		Get: account(func(u *user.User) string { return u.Name })},
	{Name: "user.homedir", Type: field.Charbuf, Desc: "Home directory of the effective user.",
		Get: account(func(u *user.User) string { return u.Home })},
	{Name: "user.shell", Type: field.Charbuf, Desc: "Login shell of the effective user.",
		Get: account(func(u *user.User) string { return u.Shell })},
	{Name: "user.loginuid", Type: field.Int64, Desc: "User id that logged in to the session that the process is in, -1 where nobody did.",
		Get: thread(func(t *process.Thread) event.Value { return event.Int(int64(int32(t.LoginUID))) })},
	{Name: "user.loginname", Type: field.Charbuf, Desc: "Name of the user that logged in.", Get: loginName},
	{Name: "group.gid", Type: field.Uint32, Desc: "Effective group id of the process.",
		Get: thread(func(t *process.Thread) event.Value { return event.Uint(uint64(t.GID)) })},
	{Name: "group.name", Type: field.Charbuf, Desc: "Name of the effective group, <NA> where it is not known.", Get: groupName},
}

// account makes a getter of a text of the acting user.
func account(get func(*user.User) string) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		if e.Thread == nil {
			return event.Value{}
		}
		u, _ := e.user(e.Thread.UID)
		return event.Text(get(&u))
	}
}

func loginName(ev *event.Event) event.Value {
	e := of(ev)
	if e.Thread == nil {
		return event.Value{}
	}
	if e.Thread.LoginUID == process.NoLoginUID {
		return event.Text(user.Unknown)
	}
	u, _ := e.user(e.Thread.LoginUID)
	return event.Text(u.Name)
}

func groupName(ev *event.Event) event.Value {
	e := of(ev)
	if e.Thread == nil {
		return event.Value{}
	}
	g, _ := e.group(e.Thread.GID)
	return event.Text(g.Name)
}

// nobody answers for hosts whose users are not known.
var nobody user.Table

func (e *Event) users() *user.Table {
	if e.Host == nil || e.Host.Users == nil {
		return &nobody
	}
	return e.Host.Users
}

// user is the account of uid where the event's process runs.
func (e *Event) user(uid uint32) (user.User, bool) {
	return e.users().User(e.containerID(), uid)
}

// group is the group of gid where the event's process runs.
func (e *Event) group(gid uint32) (user.Group, bool) {
	return e.users().Group(e.containerID(), gid)
}

// containerID is the event's container, "" outside containers.
func (e *Event) containerID() string {
	if e.Thread == nil || e.Thread.Container == nil || e.Thread.Container.IsHost() {
		return ""
	}
	return e.Thread.Container.ID
}
