// Package inject encodes events in capture form from Go values, for tests that
// send them through the same decoding and state as captures.
package inject

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/syscall"
)

// Record is an event to encode.
type Record struct {
	Time   uint64 // ns since the epoch
	TID    int64
	Type   uint16   // number of the encoding
	Params [][]byte // encoded, in table order; an empty one has no value
}

// Append appends the record in the counted form.
func (r *Record) Append(b []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint64(b, r.Time)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.TID))
	b = binary.LittleEndian.AppendUint32(b, 0) // the length, known below
	b = binary.LittleEndian.AppendUint16(b, r.Type)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(r.Params)))
	info := syscall.Info(r.Type)
	large := info != nil && info.Flags&syscall.LargePayload != 0
	for _, p := range r.Params {
		if large {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		} else {
			b = binary.LittleEndian.AppendUint16(b, uint16(len(p)))
		}
	}
	for _, p := range r.Params {
		b = append(b, p...)
	}
	binary.LittleEndian.PutUint32(b[start+16:], uint32(len(b)-start))
	return b
}

// widths are the bytes of a number of each type.
var widths = [field.PID32 + 1]int{
	field.Int8: 1, field.Uint8: 1, field.SigType: 1, field.L4Proto: 1, field.SockFamily: 1,
	field.Flags8: 1, field.EnumFlags8: 1,
	field.Int16: 2, field.Uint16: 2, field.Port: 2, field.SyscallID: 2, field.Flags16: 2, field.EnumFlags16: 2,
	field.Int32: 4, field.Uint32: 4, field.Bool: 4, field.UID: 4, field.GID: 4, field.Mode: 4,
	field.Flags32: 4, field.EnumFlags32: 4, field.FD32: 4, field.PID32: 4, field.SigSet: 4,
	field.Int64: 8, field.Uint64: 8, field.RelTime: 8, field.AbsTime: 8, field.FD: 8, field.PID: 8, field.Errno: 8,
}

// Number encodes a number parameter; n is the bits of a signed one.
func Number(t field.Type, n uint64) ([]byte, error) {
	width := 0
	if int(t) < len(widths) {
		width = widths[t]
	}
	if width == 0 {
		return nil, fmt.Errorf("inject: a parameter of type %d is no number", t)
	}
	return binary.LittleEndian.AppendUint64(nil, n)[:width], nil
}

// Text encodes a text parameter.
func Text(s string) []byte { return append([]byte(s), 0) }

// List encodes items with a NUL behind each.
func List(items ...string) []byte {
	var b []byte
	for _, item := range items {
		b = append(append(b, item...), 0)
	}
	return b
}

// Families of addresses in the capture format.
const (
	familyUnix  = 1
	familyInet  = 2
	familyInet6 = 10
)

// Addr encodes an inet address.
func Addr(end netip.AddrPort) []byte { return appendEnd([]byte{family(end)}, end) }

// UnixAddr encodes the address of a unix socket.
func UnixAddr(path string) []byte { return append([]byte{familyUnix}, Text(path)...) }

// Tuple encodes the ends of an inet connection.
func Tuple(src, dst netip.AddrPort) []byte {
	return appendEnd(appendEnd([]byte{family(src)}, src), dst)
}

// UnixTuple encodes the ends of a unix connection by their kernel addresses.
func UnixTuple(src, dst uint64, path string) []byte {
	b := binary.LittleEndian.AppendUint64([]byte{familyUnix}, src)
	b = binary.LittleEndian.AppendUint64(b, dst)
	return append(b, Text(path)...)
}

func family(end netip.AddrPort) byte {
	if end.Addr().Is4() {
		return familyInet
	}
	return familyInet6
}

func appendEnd(b []byte, end netip.AddrPort) []byte {
	b = append(b, end.Addr().AsSlice()...)
	return binary.LittleEndian.AppendUint16(b, end.Port())
}

// Params encodes parameters in table order from plain values: an int for a
// number, a string for a text, bytes as they are, nil for an empty parameter.
func Params(num uint16, values ...any) ([][]byte, error) {
	info := syscall.Info(num)
	if info == nil || len(values) > len(info.Params) {
		return nil, fmt.Errorf("inject: event %d does not exist with %d parameters", num, len(values))
	}
	params := make([][]byte, len(values))
	for i, v := range values {
		var err error
		switch v := v.(type) {
		case nil:
		case int:
			params[i], err = Number(info.Params[i].Type, uint64(v))
		case string:
			params[i] = Text(v)
		case []byte:
			params[i] = v
		default:
			err = fmt.Errorf("inject: a %T is no parameter", v)
		}
		if err != nil {
			return nil, fmt.Errorf("parameter %s of %s: %w", info.Params[i].Name, info.Name, err)
		}
	}
	return params, nil
}

// Encode is a record of plain values.
func Encode(time uint64, tid int64, num uint16, values ...any) ([]byte, error) {
	params, err := Params(num, values...)
	if err != nil {
		return nil, err
	}
	rec := Record{Time: time, TID: tid, Type: num, Params: params}
	return rec.Append(nil), nil
}
