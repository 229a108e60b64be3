package ruletest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// exit ends the process.
func (m *machine) exit(th *process.Thread, a *Act, see func()) error {
	return m.call(th, "procexit", a.Attrs, see)
}

// fork makes a child: as=NAME is its handle.
func (m *machine) fork(th *process.Thread, a *Act, see func()) error {
	handle := ""
	for _, attr := range a.Attrs {
		if attr.Key != "as" {
			return fmt.Errorf("fork takes as=NAME, not %q", attr.Key)
		}
		handle = attr.Value
	}
	if handle == "" {
		return fmt.Errorf("fork wants as=NAME, the name under which the child acts")
	}
	_, err := m.cloneChild(th, handle, see)
	return err
}

// cloneChild sends both sides of a clone and returns the child.
func (m *machine) cloneChild(parent *process.Thread, handle string, see func()) (*process.Thread, error) {
	child := *parent
	child.PID = m.freePID()
	child.TID, child.VPID, child.VTID = child.PID, child.PID, child.PID
	child.PTID = parent.PID
	m.inherit(&child, parent)
	m.pids[handle] = child.PID
	info := syscall.Info(syscall.EvCloneX)
	flags := strconv.FormatUint(uint64(child.Flags&process.ChildInPidns), 10)
	caller := describe(parent)
	caller["res"], caller["flags"] = strconv.FormatInt(child.PID, 10), flags
	if err := m.emit(parent.TID, info, info.Name, caller, parent, see); err != nil {
		return nil, err
	}
	callee := describe(&child)
	callee["flags"] = flags
	if err := m.emit(child.TID, info, info.Name, callee, &child, see); err != nil {
		return nil, err
	}
	return m.thread(handle)
}

// spawn is fork and execve in one: as=NAME is the child's handle, the program's
// name where it is not given.
func (m *machine) spawn(th *process.Thread, a *Act, see func()) error {
	handle, program := "", ""
	var attrs []Attr
	for _, attr := range a.Attrs {
		switch attr.Key {
		case "as":
			handle = attr.Value
			continue
		case "path":
			program = attr.Value
		}
		attrs = append(attrs, attr)
	}
	if program == "" {
		return fmt.Errorf("spawn wants path=PROGRAM")
	}
	handle = cmp.Or(handle, path.Base(program))
	child, err := m.cloneChild(th, handle, see)
	if err != nil {
		return err
	}
	return m.exec(child, &Act{at: a.at, Process: handle, Type: "execve", Attrs: attrs}, see)
}

// exec makes an execve event from what the process is and what the act changes
// of it. Keys are those of a process, and the names of parameters.
func (m *machine) exec(th *process.Thread, a *Act, see func()) error {
	info := syscall.Current(a.Type)
	next := *th
	next.Args = nil
	given := values{}
	for _, attr := range programFirst(a.Attrs) {
		set, ok := processAttrs[attr.Key]
		if ok {
			if err := set(m, &next, attr.Value); err != nil {
				return fmt.Errorf("%s=%s: %w", attr.Key, attr.Value, err)
			}
			continue
		}
		param, err := paramOf(info, attr.Key)
		if err != nil {
			return fmt.Errorf("%w; and %s", err, keysOf(processAttrs))
		}
		given[param] = attr.Value
	}
	th.Container = next.Container // entered before the program starts
	for name, value := range describe(&next) {
		if _, ok := given[name]; !ok {
			given[name] = value
		}
	}
	return m.emit(th.TID, info, a.Type, given, &next, see)
}

// programFirst puts path before what else is said of the program: it sets
// defaults for the rest.
func programFirst(attrs []Attr) []Attr {
	sorted := slices.Clone(attrs)
	slices.SortStableFunc(sorted, func(a, b Attr) int {
		switch {
		case a.Key == "path" && b.Key != "path":
			return -1
		case b.Key == "path" && a.Key != "path":
			return 1
		}
		return 0
	})
	return sorted
}

// execFlags names, for the flags parameter of execve, what a program's file is.
func execFlags(t *process.Thread) string {
	names := []string{"0"}
	add := func(set bool, name string) {
		if set {
			names = append(names, name)
		}
	}
	add(t.ExeWritable, "EXE_WRITABLE")
	add(t.ExeUpperLayer, "EXE_UPPER_LAYER")
	add(t.ExeFromMemfd, "EXE_FROM_MEMFD")
	add(t.ExeLowerLayer, "EXE_LOWER_LAYER")
	return strings.Join(names, "|")
}

// describe is what clone and execve events tell of a process.
func describe(t *process.Thread) values {
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	u := func(n uint64) string { return strconv.FormatUint(n, 10) }
	return values{
		"res": "0",
		"exe": t.Exe, "comm": t.Comm, "trusted_exepath": t.ExePath, "filename": t.ExePath,
		"args": string(inject.List(t.Args...)), "env": string(inject.List(t.Env...)), "cgroups": string(inject.List(t.Cgroups...)),
		"tid": n(t.TID), "pid": n(t.PID), "ptid": n(t.PTID), "vtid": n(t.VTID), "vpid": n(t.VPID),
		"vpgid": n(t.VPGID), "pgid": n(t.PGID), "cwd": t.Cwd(), "fdlimit": "1024",
		"tty": u(uint64(t.TTY)), "loginuid": n(int64(int32(t.LoginUID))),
		"uid": u(uint64(t.UID)), "gid": u(uint64(t.GID)), "flags": execFlags(t),
		"cap_inheritable": "0", "cap_permitted": u(t.CapPermitted), "cap_effective": u(t.CapEffective),
		"exe_ino": u(t.ExeIno), "exe_ino_ctime": u(t.ExeInoCtime), "exe_ino_mtime": u(t.ExeInoMtime),
		"pidns_init_start_ts": u(t.PidnsInitStartTime),
	}
}
