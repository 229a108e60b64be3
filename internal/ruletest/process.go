package ruletest

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// processAttrs are what a script can say of a process, where it is declared,
// and where it executes a program.
var processAttrs = map[string]func(*machine, *process.Thread, string) error{
	"name":        setText(func(t *process.Thread) *string { return &t.Comm }),
	"exe":         setText(func(t *process.Thread) *string { return &t.Exe }),
	"path":        setProgram,
	"args":        setArgs,
	"env":         setEnv,
	"cwd":         setCwd,
	"user":        setUser,
	"group":       setGroup,
	"login":       setLogin,
	"tty":         setTTY,
	"session":     setSession,
	"caps":        setCaps,
	"container":   setContainer,
	"vpid":        setVPID,
	"age":         setAge,
	"exe_age":     setExeAge,
	"writable":    setTruth(func(t *process.Thread) *bool { return &t.ExeWritable }),
	"upper_layer": setTruth(func(t *process.Thread) *bool { return &t.ExeUpperLayer }),
	"lower_layer": setTruth(func(t *process.Thread) *bool { return &t.ExeLowerLayer }),
	"memfd":       setTruth(func(t *process.Thread) *bool { return &t.ExeFromMemfd }),
}

// maxComm is how much of a name the kernel keeps.
const maxComm = 15

// setProgram sets path and what follows from it: the name, argv[0], and that
// nothing else is known of the file.
func setProgram(_ *machine, t *process.Thread, file string) error {
	base := path.Base(file)
	t.ExePath, t.Exe, t.Comm = file, base, base[:min(len(base), maxComm)]
	t.ExeWritable, t.ExeUpperLayer, t.ExeLowerLayer, t.ExeFromMemfd = false, false, false, false
	return nil
}

func setArgs(_ *machine, t *process.Thread, v string) (err error) {
	t.Args, err = splitShell(v)
	return err
}

func setEnv(_ *machine, t *process.Thread, v string) (err error) {
	t.Env, err = splitShell(v)
	return err
}

func setCwd(_ *machine, t *process.Thread, v string) error {
	t.SetCwd(v)
	return nil
}

// setUser sets the user and its group, and the capabilities it usually has.
func setUser(m *machine, t *process.Thread, v string) error {
	uid, ok := m.uid(v)
	if !ok {
		return fmt.Errorf("no such user: declare it with user %s uid=…", v)
	}
	t.UID, t.GID = uid, uid
	if u, ok := m.users[v]; ok {
		t.GID = u.GID
	}
	m.usualCaps(t)
	return nil
}

func setGroup(m *machine, t *process.Thread, v string) error {
	gid, ok := m.gid(v)
	if !ok {
		return fmt.Errorf("no such group: declare it with group %s gid=…", v)
	}
	t.GID = gid
	return nil
}

func setLogin(m *machine, t *process.Thread, v string) error {
	if v == "none" {
		t.LoginUID = process.NoLoginUID
		return nil
	}
	uid, ok := m.uid(v)
	if !ok {
		return fmt.Errorf("no such user: declare it with user %s uid=…", v)
	}
	t.LoginUID = uid
	return nil
}

// firstPTY is the device number of /dev/pts/0.
const firstPTY = 136 << 8

func setTTY(_ *machine, t *process.Thread, v string) error {
	if v == "true" {
		t.TTY = firstPTY
		return nil
	}
	n, err := strconv.ParseUint(v, 0, 32)
	t.TTY = uint32(n)
	return err
}

// setSession makes the process its session's leader, or puts it into another's.
func setSession(m *machine, t *process.Thread, v string) error {
	if v == "true" {
		t.SID = t.VPID
		return nil
	}
	leader, err := m.thread(v)
	if err == nil {
		t.SID = leader.VPID
	}
	return err
}

// Sets of capabilities that processes usually have.
const (
	allCaps       = 1<<41 - 1
	containerCaps = 0xa80425fb // what container engines leave to root
)

// usualCaps sets the capabilities of the process's user.
func (m *machine) usualCaps(t *process.Thread) {
	caps := uint64(allCaps)
	if c := t.Container; t.UID != 0 {
		caps = 0
	} else if c != nil && !c.Privileged {
		caps = containerCaps
	}
	t.CapPermitted, t.CapEffective = caps, caps
}

// setCaps reads all, none, or names joined by | or commas.
func setCaps(_ *machine, t *process.Thread, v string) error {
	var caps uint64
	switch v {
	case "all":
		caps = allCaps
	case "none":
	default:
		for name := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == '|' || r == ',' }) {
			bit, ok := syscall.CapabilityBit(name)
			if !ok {
				return fmt.Errorf("%q is no capability", name)
			}
			caps |= 1 << bit
		}
	}
	t.CapPermitted, t.CapEffective = caps, caps
	return nil
}

// setContainer puts the process into a container, or back on the host.
func setContainer(m *machine, t *process.Thread, v string) error {
	if v == container.HostID {
		t.Container = nil
		t.Cgroups, t.VPID, t.VTID = nil, t.PID, t.TID
		m.usualCaps(t)
		return nil
	}
	c, ok := m.containers[v]
	if !ok {
		return fmt.Errorf("no such container: declare it with container %s", v)
	}
	m.enter(t, c)
	return nil
}

// enter puts t into c. The first process of a container has the vpid 1.
func (m *machine) enter(t *process.Thread, c *container.Info) {
	m.inside[c]++
	vpid := m.inside[c]
	t.Container = c
	t.Cgroups = cgroupsOf(c)
	t.VPID, t.VTID = vpid, vpid
	t.Flags |= process.ChildInPidns
	m.usualCaps(t)
}

func cgroupsOf(c *container.Info) []string {
	return []string{"cpuset=/docker/" + c.FullID, "memory=/docker/" + c.FullID, "=/docker/" + c.FullID}
}

func setVPID(_ *machine, t *process.Thread, v string) error {
	n, err := strconv.ParseInt(v, 0, 64)
	t.VPID, t.VTID = n, n
	return err
}

// setAge sets how long ago the process began.
func setAge(m *machine, t *process.Thread, v string) error {
	d, err := time.ParseDuration(v)
	t.CloneTime = m.clock - uint64(d)
	t.ExecTime = t.CloneTime
	return err
}

// setExeAge sets how long ago the program's file was made.
func setExeAge(m *machine, t *process.Thread, v string) error {
	d, err := time.ParseDuration(v)
	t.ExeInoCtime = m.clock - uint64(d)
	t.ExeInoMtime = t.ExeInoCtime
	return err
}

// declareProcess adds a process that ran before the first event. It is a child
// of init where no parent is given, and inherits as a forked process does.
func (m *machine) declareProcess(d *Declare) error {
	parent, attrs := "init", make([]Attr, 0, len(d.Attrs))
	pid := int64(0)
	for _, a := range d.Attrs {
		switch a.Key {
		case "parent":
			parent = a.Value
		case "pid":
			n, err := strconv.ParseInt(a.Value, 0, 64)
			if err != nil || n < 1 {
				return fmt.Errorf("pid=%s: want a number from 1", a.Value)
			}
			pid = n
		default:
			attrs = append(attrs, a)
		}
	}
	from, err := m.thread(parent)
	if err != nil {
		return err
	}
	if pid == 0 {
		pid = m.freePID()
	}
	m.pids[d.Name] = pid
	m.state.Threads.Clone(from, pid, 0, func(t *process.Thread) {
		t.CloneTime = m.clock - uint64(time.Hour)
		m.inherit(t, from)
		_ = setProgram(m, t, "/usr/bin/"+d.Name) // cannot fail
		t.Args = nil
		err = apply(processAttrs, m, t, programFirst(attrs))
	})
	return err
}

// inherit puts a new process into its parent's container.
func (m *machine) inherit(t, parent *process.Thread) {
	if c := parent.Container; c != nil {
		m.enter(t, c)
		t.CapPermitted, t.CapEffective = parent.CapPermitted, parent.CapEffective
	}
}

func (m *machine) freePID() int64 {
	m.nextPID++
	return m.nextPID
}
