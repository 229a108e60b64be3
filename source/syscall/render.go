package syscall

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

// A parameter has two texts: its plain form, which is a number for most, and
// its meaning (the names of flags, the path behind a descriptor, the name of an
// error), which not every value has. evt.arg yields the meaning if there is
// one, evt.args shows both.

// AppendArgs appends all parameters as name=plain(meaning).
func (e *Event) AppendArgs(b []byte) []byte {
	if e.Info.Num <= EvSyscallX {
		return b // what a generic event carries is its name
	}
	for i := range e.nparams {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, e.Info.Params[i].Name...)
		b = append(b, '=')
		b = e.AppendPlain(b, i)
		b = append(b, '(')
		start := len(b)
		if b = e.AppendMeaning(b, i); len(b) == start {
			b = b[:start-1]
		} else {
			b = append(b, ')')
		}
	}
	return b
}

// AppendArg appends the meaning of the i-th parameter, or its plain form where
// it has none.
func (e *Event) AppendArg(b []byte, i int) []byte {
	start := len(b)
	if b = e.AppendMeaning(b, i); len(b) > start {
		return b
	}
	return e.AppendPlain(b, i)
}

// form is the i-th parameter's definition and bytes, where a dynamic one is
// what its first byte says it is.
func (e *Event) form(i int) (*ParamInfo, []byte) {
	p, data := &e.Info.Params[i], e.params[i]
	if p.Dyn != nil && len(data) > 0 && int(data[0]) < len(p.Dyn) {
		return &p.Dyn[data[0]], data[1:]
	}
	return p, data
}

// AppendPlain appends the plain form of the i-th parameter, which the event
// must have.
func (e *Event) AppendPlain(b []byte, i int) []byte {
	p, data := e.form(i)
	if len(data) == 0 {
		return append(b, emptyText(p.Type)...)
	}
	switch p.Type {
	case field.Charbuf, field.FSPath, field.FSRelPath:
		if string(data) == nullText {
			return append(b, NA...)
		}
		return append(b, cstring(data)...)
	case field.Bytebuf, field.CharbufArray, field.CharbufPairArray, field.Dyn:
		return appendDots(b, data)
	case field.SockAddr:
		return appendSockAddr(b, data)
	case field.SockTuple:
		return appendSockTuple(b, data)
	case field.FDList:
		return e.appendFDList(b, data)
	case field.IPv4Addr, field.IPv6Addr:
		return appendIP(b, alias(data))
	case field.Bool:
		return strconv.AppendBool(b, readUint(data) != 0)
	case field.SigSet:
		return appendPadded(append(b, "0x"...), readUint(data), 16, 8)
	case field.UID, field.GID:
		return strconv.AppendInt(b, readInt(data), 10)
	}
	return appendNumber(b, p, data)
}

// emptyText is the plain form of an empty parameter.
func emptyText(t field.Type) string {
	switch t {
	case field.Bytebuf, field.SockTuple, field.CharbufArray, field.CharbufPairArray:
		return "NULL"
	}
	return NA
}

// appendNumber appends a number in the parameter's format. Flags are decimal
// whatever their format says, because their names stand beside.
func appendNumber(b []byte, p *ParamInfo, data []byte) []byte {
	switch {
	case p.Format == Oct && readUint(data) != 0:
		return strconv.AppendUint(append(b, '0'), readUint(data), 8)
	case p.Format == Hex && p.Values == nil && p.Type != field.Errno:
		return appendPadded(b, readUint(data), 16, 0)
	case shapeOf[p.Type] == shapeInt:
		return strconv.AppendInt(b, readInt(data), 10)
	}
	return strconv.AppendUint(b, readUint(data), 10)
}

// appendPadded appends n in upper case digits, at least width of them.
func appendPadded(b []byte, n uint64, base, width int) []byte {
	var digits [64]byte
	text := strconv.AppendUint(digits[:0], n, base)
	for range width - len(text) {
		b = append(b, '0')
	}
	for _, c := range text {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// appendDots appends bytes with a dot for each that does not print.
func appendDots(b, data []byte) []byte {
	for _, c := range data {
		if c < ' ' || c > '~' {
			c = '.'
		}
		b = append(b, c)
	}
	return b
}

// AppendMeaning appends the meaning of the i-th parameter, which the event must
// have, or nothing.
func (e *Event) AppendMeaning(b []byte, i int) []byte {
	p, data := e.form(i)
	if len(data) == 0 {
		return b
	}
	switch p.Type {
	case field.FD, field.FD32:
		return e.appendFD(b, readInt(data))
	case field.PID, field.PID32:
		return e.appendComm(b, readInt(data))
	case field.Errno:
		if n := readInt(data); n < 0 {
			return append(b, errnoName(-n)...)
		}
	case field.UID:
		return e.appendUser(b, uint32(readUint(data)))
	case field.GID:
		return e.appendGroup(b, uint32(readUint(data)))
	case field.SigType:
		return append(b, signalName(readUint(data))...)
	case field.SigSet:
		return appendSignals(b, uint32(readUint(data)))
	case field.RelTime:
		return appendSeconds(b, readUint(data))
	case field.FSPath, field.FSRelPath:
		return e.appendFullPath(b, i, p, cstring(data))
	case field.Flags8, field.Flags16, field.Flags32, field.Mode:
		return appendFlags(b, p.Values, readUint(data))
	case field.EnumFlags8, field.EnumFlags16, field.EnumFlags32:
		return appendEnum(b, p.Values, readUint(data))
	case field.SyscallID:
		return append(b, types.Name(GenericType(uint16(readUint(data))))...)
	}
	return b
}

// appendFlags appends the names of the bits that are set, in table order. A bit
// that a name of several bits has taken is not named again; a name for zero
// stands only for zero.
func appendFlags(b []byte, t *ValueTable, n uint64) []byte {
	if t == nil {
		return b
	}
	start, left := len(b), n
	for i := range t.Rows {
		row := &t.Rows[i]
		if row.Value == 0 && n != 0 || row.Value != 0 && (left == 0 || left&row.Value != row.Value) {
			continue
		}
		if len(b) > start {
			b = append(b, '|')
		}
		b = append(b, row.Name...)
		left &^= row.Value
	}
	return b
}

// appendEnum appends the name of a value; where the table gives one value
// several names, the first.
func appendEnum(b []byte, t *ValueTable, n uint64) []byte {
	if t == nil {
		return b
	}
	start := len(b)
	for i := range t.Rows {
		if row := &t.Rows[i]; row.Value == n {
			if len(b) > start {
				b = append(b, '|')
			}
			b = append(b, row.Name...)
		}
	}
	return b
}

// appendFD appends a descriptor's type and name, or the name of the error that
// a negative one is.
func (e *Event) appendFD(b []byte, n int64) []byte {
	switch {
	case n == atFDCWD:
		return append(b, "AT_FDCWD"...)
	case n < 0:
		return append(b, errnoName(-n)...)
	}
	fd := e.Descriptor(n)
	if fd == nil {
		return b
	}
	b = append(b, '<', fd.Type.Char())
	if c := protoChar(fd); c != 0 {
		b = append(b, c)
	}
	b = append(b, '>')
	return appendFDName(b, fd)
}

// Descriptor is what is known of descriptor n of the event's process, nil for
// nothing.
func (e *Event) Descriptor(n int64) *process.FD {
	if e.FD != nil && e.FD.Num == n {
		return e.FD
	}
	if e.Thread == nil {
		return nil
	}
	return e.Thread.FDs.Get(n)
}

// protoChar is a letter for a socket's transport, 0 for none.
func protoChar(fd *process.FD) byte {
	if !fd.Type.IsInet() {
		return 0
	}
	return fd.Proto().Char()
}

// appendComm appends the name of a process.
func (e *Event) appendComm(b []byte, pid int64) []byte {
	if e.Host == nil || e.Host.Threads == nil {
		return b
	}
	if t := e.Host.Threads.Get(pid); t != nil {
		return append(b, t.Comm...)
	}
	return b
}

func (e *Event) appendUser(b []byte, uid uint32) []byte {
	if uid == ^uint32(0) {
		return append(b, "<NONE>"...)
	}
	u, _ := e.user(uid)
	return append(b, u.Name...)
}

func (e *Event) appendGroup(b []byte, gid uint32) []byte {
	if gid == ^uint32(0) {
		return append(b, "<NONE>"...)
	}
	g, _ := e.group(gid)
	return append(b, g.Name...)
}

// appendSignals appends the names of the signals in a mask, without their
// prefix.
func appendSignals(b []byte, mask uint32) []byte {
	start := len(b)
	for bit := range uint64(32) {
		name := signalName(bit + 1)
		if mask&(1<<bit) == 0 || name == "" {
			continue
		}
		if len(b) > start {
			b = append(b, ' ')
		}
		b = append(b, strings.TrimPrefix(name, "SIG")...)
	}
	return b
}

// appendSeconds appends nanoseconds as seconds, in six digits at most.
func appendSeconds(b []byte, ns uint64) []byte {
	b = strconv.AppendFloat(b, float64(ns)/1e9, 'g', 6, 64)
	return append(b, 's')
}

func appendSockAddr(b, data []byte) []byte {
	family, end, ok := parseAddr(data)
	switch {
	case ok && family == famUnix:
		return append(b, end.Path...)
	case ok:
		return AppendEndpoint(b, end.IP, end.Port)
	case family == famInet || family == famInet6:
		return append(b, "INVALID"...)
	}
	b = append(b, "family "...)
	return strconv.AppendUint(b, uint64(family), 10)
}

func appendSockTuple(b, data []byte) []byte {
	tuple, ok := parseTuple(data)
	if !ok {
		return append(b, "INVALID"...)
	}
	return appendTuple(b, &tuple)
}

// appendFDList appends the descriptors of a poll with their type and the
// events waited for, as 4:f1.
func (e *Event) appendFDList(b, data []byte) []byte {
	first := true
	for fd, flags := range fdList(data) {
		if !first {
			b = append(b, ' ')
		}
		first = false
		b = strconv.AppendInt(b, fd, 10)
		b = append(b, ':')
		if known := e.Descriptor(fd); known != nil {
			b = append(b, known.Type.Char())
		}
		b = strconv.AppendUint(b, uint64(flags), 16)
	}
	return b
}

// fdList walks a list of descriptors with their flags: a count of 2 bytes, then
// 10 bytes for each.
func fdList(data []byte) func(yield func(fd int64, flags uint16) bool) {
	return func(yield func(int64, uint16) bool) {
		if len(data) < 2 {
			return
		}
		n := int(binary.LittleEndian.Uint16(data))
		for data = data[2:]; n > 0 && len(data) >= 10; n-- {
			if !yield(int64(binary.LittleEndian.Uint64(data)), binary.LittleEndian.Uint16(data[8:])) {
				return
			}
			data = data[10:]
		}
	}
}

// appendFDName appends the name of a descriptor. A socket's is made from its
// ends where nobody made it yet.
func appendFDName(b []byte, fd *process.FD) []byte {
	if fd.Name == "" && fd.Type.IsSocket() && (fd.SrcIP != "" || fd.DstIP != "") {
		return AppendSocketName(b, fd)
	}
	return append(b, fd.Name...)
}
