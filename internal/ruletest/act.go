package ruletest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// perform turns an act into events and gives each to see, after the state has
// learnt of it. The last one stays in m.event.
func (m *machine) perform(a *Act, see func()) error {
	th, err := m.thread(a.Process)
	if err != nil {
		return err
	}
	if do, ok := specialActs[a.Type]; ok {
		return do(m, th, a, see)
	}
	return m.call(th, a.Type, a.Attrs, see)
}

// specialActs are acts that are more than a call with its parameters.
var specialActs = map[string]func(*machine, *process.Thread, *Act, func()) error{
	"spawn":    (*machine).spawn,
	"fork":     (*machine).fork,
	"execve":   (*machine).exec,
	"execveat": (*machine).exec,
	"connect":  (*machine).connect,
	"exit":     (*machine).exit,
}

// values are parameters by name, as text.
type values map[string]string

// call makes the event of a call.
func (m *machine) call(th *process.Thread, name string, attrs []Attr, see func()) error {
	info := syscall.Current(name)
	if info == nil {
		return fmt.Errorf("unknown event %q; docs/events.md lists them", name)
	}
	given := values{}
	for _, a := range attrs {
		param, err := paramOf(info, a.Key)
		if err != nil {
			return err
		}
		given[param] = a.Value
	}
	return m.emit(th.TID, info, name, given, th, see)
}

// emit encodes an event and sends it through decoding, state and see.
func (m *machine) emit(tid int64, info *syscall.TypeInfo, name string, given values, th *process.Thread, see func()) error {
	record := inject.Record{Time: m.tick(), TID: tid, Type: info.Num, Params: make([][]byte, len(info.Params))}
	for i := range info.Params {
		p := &info.Params[i]
		text, ok := given[p.Name]
		if !ok {
			text, ok = m.defaultParam(info, i, name, given, th)
		}
		if !ok {
			continue // an empty parameter
		}
		b, err := encodeParam(p, text, m)
		if err != nil {
			return err
		}
		record.Params[i] = b
	}
	if err := m.feed(record.Append(nil)); err != nil {
		return err
	}
	see()
	return nil
}

// paramAliases are short names for what most calls have under different ones.
var paramAliases = map[string][]string{
	"path": {"path", "name", "pathname", "filename", "linkpath", "dir"},
	"from": {"oldpath", "target"},
	"to":   {"newpath", "addr"},
	"res":  {"fd", "ID"},
}

// paramOf finds the parameter that a key means.
func paramOf(info *syscall.TypeInfo, key string) (string, error) {
	if info.Param(key) >= 0 {
		return key, nil
	}
	for _, alias := range paramAliases[key] {
		if i := info.Param(alias); i == 0 || i > 0 && key != "res" {
			return alias, nil
		}
	}
	names := make([]string, len(info.Params))
	for i := range info.Params {
		names[i] = info.Params[i].Name
	}
	return "", fmt.Errorf("%s has no parameter %q; it has %s", info.Name, key, strings.Join(names, ", "))
}

// defaultParam is what a parameter has that the script does not give; false
// leaves it empty.
func (m *machine) defaultParam(info *syscall.TypeInfo, i int, name string, given values, th *process.Thread) (string, bool) {
	p := &info.Params[i]
	switch {
	case info.Num == syscall.EvSyscallX:
		id, _ := syscall.Types().Lookup(name)
		code, _ := syscall.Code(id)
		return strconv.Itoa(int(code)), true
	case name == "dup2" && i == 0 || name == "dup3" && i == 0:
		return given["newfd"], given["newfd"] != ""
	case p.Type == field.FD && strings.Contains(p.Name, "dir"):
		return "AT_FDCWD", true
	case p.Type == field.FD && info.Flags&syscall.CreatesFd != 0 && createdFDs[p.Name]:
		return strconv.FormatInt(m.freeFD(th, p.Name == "fd2"), 10), true
	case p.Type == field.FD && (p.Name == "fd" || p.Name == "oldfd"):
		return strconv.FormatInt(newestFD(th), 10), true
	case p.Values != nil && p.Values.Name == "file_flags" && strings.HasPrefix(name, "open"):
		return "O_RDONLY", true
	}
	return "0", isNumber(p.Type)
}

// isNumber tells whether parameters of the type are numbers.
func isNumber(t field.Type) bool {
	_, err := inject.Number(t, 0)
	return err == nil
}

// createdFDs are the names of parameters that hold a new descriptor.
var createdFDs = map[string]bool{"fd": true, "res": true, "fd1": true, "fd2": true}

// freeFD is the lowest free descriptor above the standard streams; the one
// after it for the second of a pair.
func (m *machine) freeFD(th *process.Thread, second bool) int64 {
	n := int64(3)
	for ; n < 1024; n++ {
		if th.FDs.Get(n) == nil || m.justClosed(th, n) {
			if !second {
				return n
			}
			second = false
		}
	}
	return n
}

// justClosed tells whether the last event closed a descriptor: the state keeps
// it until the next one, for who looks at the event.
func (m *machine) justClosed(th *process.Thread, n int64) bool {
	e := &m.event
	return e.TID == th.TID && e.FD != nil && e.FD.Num == n && e.Info.Flags&syscall.DestroysFd != 0
}

// newestFD is the highest descriptor of the process.
func newestFD(th *process.Thread) int64 {
	for n := int64(1023); n >= 0; n-- {
		if th.FDs.Get(n) != nil {
			return n
		}
	}
	return -1
}

// connect reads to=ADDRESS and from=ADDRESS as both parameters that hold them.
func (m *machine) connect(th *process.Thread, a *Act, see func()) error {
	from, to := "", ""
	attrs := slices.DeleteFunc(slices.Clone(a.Attrs), func(a Attr) bool {
		switch a.Key {
		case "from":
			from = a.Value
		case "to":
			to = a.Value
		}
		return a.Key == "from" || a.Key == "to"
	})
	if to != "" {
		tuple := to
		if !isPath(to) {
			tuple = cmp.Or(from, defaultSource(to)) + "->" + to
		}
		attrs = append(attrs, Attr{Key: "addr", Value: to}, Attr{Key: "tuple", Value: tuple})
	}
	return m.call(th, a.Type, attrs, see)
}

func defaultSource(to string) string {
	if strings.HasPrefix(to, "[") {
		return "[fd00::5]:40000"
	}
	return "10.0.0.5:40000"
}

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
