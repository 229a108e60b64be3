package ruletest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/syscall"
)

// machine is the host that a chunk describes. It turns acts into records and
// keeps what the records do: the state is that of captures.
type machine struct {
	clock      uint64 // ns since the epoch
	pids       map[string]int64
	nextPID    int64
	users      map[string]user.User
	groups     map[string]user.Group
	accounts   user.Table
	containers map[string]*container.Info
	inside     map[*container.Info]int64 // how many processes were put into it
	state      *syscall.State
	host       *syscall.Host
	event      syscall.Event
	num        uint64
}

const (
	hostName  = "script"
	firstPID  = 1000
	epoch     = 1_700_000_000_000_000_000 // when scripts begin
	stepClock = 10 * time.Millisecond     // between events
)

// systemUsers exist on every machine.
var systemUsers = []user.User{
	{UID: 0, GID: 0, Name: "root", Home: "/root", Shell: "/bin/bash"},
	{UID: 1, GID: 1, Name: "daemon", Home: "/usr/sbin", Shell: "/usr/sbin/nologin"},
	{UID: 33, GID: 33, Name: "www-data", Home: "/var/www", Shell: "/usr/sbin/nologin"},
	{UID: 65534, GID: 65534, Name: "nobody", Home: "/nonexistent", Shell: "/usr/sbin/nologin"},
}

func newMachine() *machine {
	threads := process.NewTable(process.Options{})
	m := &machine{
		clock: epoch, nextPID: firstPID,
		pids: map[string]int64{}, inside: map[*container.Info]int64{},
		users: map[string]user.User{}, groups: map[string]user.Group{},
		containers: map[string]*container.Info{},
		state:      syscall.NewState(threads),
	}
	m.host = &syscall.Host{Name: hostName, Threads: threads, Users: &m.accounts, Start: epoch}
	for _, u := range systemUsers {
		m.addUser(u)
	}
	init := process.NewThread(1)
	init.PID, init.PTID, init.VTID, init.VPID, init.SID, init.PGID, init.VPGID = 1, 0, 1, 1, 1, 1, 1
	init.Comm, init.Exe, init.ExePath = "systemd", "/sbin/init", "/usr/lib/systemd/systemd"
	init.CapPermitted, init.CapEffective = allCaps, allCaps
	init.SetCwd("/")
	init.SetRoot("/")
	threads.Add(init)
	m.pids["init"] = 1
	return m
}

func (m *machine) addUser(u user.User) {
	m.users[u.Name] = u
	for _, place := range m.places() {
		m.accounts.Add(place, u)
	}
	if _, ok := m.groups[u.Name]; !ok {
		m.addGroup(user.Group{GID: u.GID, Name: u.Name})
	}
}

func (m *machine) addGroup(g user.Group) {
	m.groups[g.Name] = g
	for _, place := range m.places() {
		m.accounts.AddGroup(place, g)
	}
}

// places are where users have accounts: all users of a script have one on the
// host and in each container.
func (m *machine) places() []string {
	places := []string{""}
	for _, c := range m.containers {
		places = append(places, c.ID)
	}
	return places
}

// pid resolves the handle of a process.
func (m *machine) pid(handle string) (int64, bool) {
	pid, ok := m.pids[handle]
	return pid, ok
}

// uid resolves a user's name or number.
func (m *machine) uid(name string) (uint32, bool) {
	if u, ok := m.users[name]; ok {
		return u.UID, true
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil
}

// gid resolves a group's name or number.
func (m *machine) gid(name string) (uint32, bool) {
	if g, ok := m.groups[name]; ok {
		return g.GID, true
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil
}

// thread is the process that a handle names.
func (m *machine) thread(handle string) (*process.Thread, error) {
	pid, ok := m.pids[handle]
	if !ok {
		return nil, fmt.Errorf("no process %q: declare it with process %s, or spawn it", handle, handle)
	}
	th := m.state.Threads.Get(pid)
	if th == nil || th.Dead() {
		return nil, fmt.Errorf("process %q has exited", handle)
	}
	return th, nil
}

// feed sends a record through decoding and state, as a capture's.
func (m *machine) feed(record []byte) error {
	m.host.Before = m.event.Head.Time
	if err := m.event.Decode(record, syscall.FormCounted); err != nil {
		return err
	}
	m.num++
	m.event.Head.Num = m.num
	m.event.Host = m.host
	m.state.Apply(&m.event)
	return nil
}

// tick moves the clock on to the next event and returns its time.
func (m *machine) tick() uint64 {
	m.clock += uint64(stepClock)
	return m.clock
}
