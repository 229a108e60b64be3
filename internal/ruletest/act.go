package ruletest

import (
	"cmp"
	"fmt"
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
