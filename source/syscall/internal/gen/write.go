package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fieldTypes maps the parameter types of events.tsv to names in engine/field.
var fieldTypes = map[string]string{
	"bytebuf": "Bytebuf", "charbuf": "Charbuf", "fspath": "FSPath", "fsrelpath": "FSRelPath",
	"charbufarray": "CharbufArray", "charbuf_pair_array": "CharbufPairArray", "dyn": "Dyn",
	"int8": "Int8", "int16": "Int16", "int32": "Int32", "int64": "Int64",
	"uint8": "Uint8", "uint16": "Uint16", "uint32": "Uint32", "uint64": "Uint64",
	"reltime": "RelTime", "abstime": "AbsTime", "errno": "Errno",
	"fd": "FD", "fd32": "FD32", "pid": "PID", "pid32": "PID32", "uid": "UID", "gid": "GID",
	"flags8": "Flags8", "flags16": "Flags16", "flags32": "Flags32",
	"enumflags8": "EnumFlags8", "enumflags16": "EnumFlags16", "enumflags32": "EnumFlags32",
	"mode": "Mode", "sigset": "SigSet", "sigtype": "SigType", "syscallid": "SyscallID",
	"sockaddr": "SockAddr", "socktuple": "SockTuple", "fdlist": "FDList", "port": "Port",
	"ipv4addr": "IPv4Addr", "ipv6addr": "IPv6Addr",
}

// constName names an encoding: the current one of a name and direction is
// EvOpenatX, an older one carries its number, EvOpenat103X.
func (e *eventRow) constName() string {
	side := "X"
	if e.enter {
		side = "E"
	}
	name := "Ev" + camel(e.name)
	if slices.Contains(e.flags, "old_version") {
		name += strconv.Itoa(e.num)
	}
	return name + side
}

func (s *schema) writeEvents(b *bytes.Buffer) error {
	fmt.Fprint(b, "import (\n\t\"github.com/lannersec/lanner/engine/field\"\n)\n\n")
	fmt.Fprint(b, "// The numbers of event encodings in the capture format; E is the enter, X the exit side.\n")
	fmt.Fprint(b, "// The current encoding has the plain name, an older one carries its number.\nconst (\n")
	seen := map[string]bool{}
	last := 0
	for i := range s.events {
		e := &s.events[i]
		name := e.constName()
		if seen[name] {
			return fmt.Errorf("%s stands twice", name)
		}
		seen[name] = true
		last = max(last, e.num)
		fmt.Fprintf(b, "%s = %d\n", name, e.num)
	}
	fmt.Fprint(b, ")\n\n")
	fmt.Fprintf(b, "// schema has the encodings by their number; a row without a name is unused.\nvar schema = [%d]TypeInfo{\n", last+1)
	for i := range s.events {
		if err := s.events[i].write(b); err != nil {
			return err
		}
	}
	fmt.Fprint(b, "}\n")
	return nil
}

func (e *eventRow) write(b *bytes.Buffer) error {
	flags := make([]string, 0, len(e.flags)+1)
	if e.enter {
		flags = append(flags, "Enter")
	}
	for _, flag := range e.flags {
		flags = append(flags, camel(flag))
	}
	fmt.Fprintf(b, "%s: {Num: %d, ID: Type%s, Name: %q, Category: Cat%s, Kind: Kind%s",
		e.constName(), e.num, camel(e.name), e.name, camel(e.category), camel(e.kind))
	if len(flags) > 0 {
		fmt.Fprintf(b, ", Flags: %s", strings.Join(flags, "|"))
	}
	if len(e.params) > 0 {
		fmt.Fprint(b, ", Params: []ParamInfo{\n")
		for _, p := range e.params {
			if err := p.write(b); err != nil {
				return fmt.Errorf("%s: %w", e.constName(), err)
			}
		}
		fmt.Fprint(b, "}")
	}
	fmt.Fprint(b, "},\n")
	return nil
}

func (p *paramRow) write(b *bytes.Buffer) error {
	typ, ok := fieldTypes[p.typ]
	if !ok {
		return fmt.Errorf("parameter %s: unknown type %q", p.name, p.typ)
	}
	fmt.Fprintf(b, "{Name: %q, Type: field.%s", p.name, typ)
	if p.format != "dec" && p.format != "na" {
		fmt.Fprintf(b, ", Format: %s", camel(p.format))
	}
	if p.values != "" {
		fmt.Fprintf(b, ", Values: &values%s", camel(p.values))
	}
	if p.dyn != "" {
		fmt.Fprintf(b, ", Dyn: dyn%s", camel(p.dyn))
	}
	if p.dirfd >= 0 {
		fmt.Fprintf(b, ", DirFD: %d", p.dirfd+1)
	}
	fmt.Fprint(b, "},\n")
	return nil
}

func (s *schema) writeTypes(b *bytes.Buffer) error {
	fmt.Fprint(b, "import (\n\t\"github.com/lannersec/lanner/engine/event\"\n)\n\n")
	fmt.Fprint(b, "// The TypeID of every event name.\nconst (\n")
	for i, t := range s.types {
		fmt.Fprintf(b, "Type%s event.TypeID = %d\n", camel(t.name), i)
	}
	fmt.Fprint(b, ")\n\n// typeRows has the event names by TypeID.\nvar typeRows = [...]typeRow{\n")
	for _, t := range s.types {
		fmt.Fprintf(b, "{%q, Kind%s, %d},\n", t.name, camel(t.kind), t.code)
	}
	fmt.Fprint(b, "}\n")
	return nil
}

func (s *schema) writeValues(b *bytes.Buffer) error {
	fmt.Fprint(b, "// The names of flag bits and enumeration values.\nvar (\n")
	for _, t := range s.values {
		fmt.Fprintf(b, "values%s = ValueTable{%q, []NamedValue{\n", camel(t.name), t.name)
		for _, row := range t.rows {
			fmt.Fprintf(b, "{%q, %d},\n", row.name, row.value)
		}
		fmt.Fprint(b, "}}\n")
	}
	fmt.Fprint(b, ")\n")
	return nil
}
