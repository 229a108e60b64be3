package syscall

import (
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

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

// appendFDName appends the name of a descriptor. A socket's is made from its
// ends where nobody made it yet.
func appendFDName(b []byte, fd *process.FD) []byte {
	if fd.Name == "" && fd.Type.IsSocket() && (fd.SrcIP != "" || fd.DstIP != "") {
		return AppendSocketName(b, fd)
	}
	return append(b, fd.Name...)
}
