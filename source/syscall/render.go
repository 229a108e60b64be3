package syscall

import (
	"encoding/binary"
	"strconv"

	"github.com/lannersec/lanner/engine/field"
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
