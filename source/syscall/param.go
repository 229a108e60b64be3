package syscall

import (
	"bytes"
	"encoding/binary"
	"unsafe"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// NA is what an empty text parameter reads as.
const NA = "<NA>"

// nullText is how early writers encoded a NULL pointer where text belongs.
const nullText = "(NULL)\x00"

// NumParams is how many parameters the record has.
func (e *Event) NumParams() int { return e.nparams }

// Param is the raw i-th parameter in table order, nil where the record has no
// such parameter. It is valid as long as the record.
func (e *Event) Param(i int) []byte {
	if uint(i) >= uint(e.nparams) {
		return nil
	}
	return e.params[i]
}

// ParamNamed is the index of the parameter of that name if the record has it,
// -1 otherwise. It searches; what runs for every event uses indexes.
func (e *Event) ParamNamed(name string) int {
	if i := e.Info.Param(name); i < e.nparams {
		return i
	}
	return -1
}

// HasParam tells whether the record has the i-th parameter with a content.
func (e *Event) HasParam(i int) bool { return len(e.Param(i)) > 0 }

// Int is the i-th parameter as a signed number, 0 where it is missing or empty.
func (e *Event) Int(i int) int64 { return readInt(e.Param(i)) }

func readInt(b []byte) int64 {
	switch len(b) {
	case 1:
		return int64(int8(b[0]))
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case 8:
		return int64(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// Uint is the i-th parameter as an unsigned number, 0 where it is missing or empty.
func (e *Event) Uint(i int) uint64 { return readUint(e.Param(i)) }

func readUint(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	case 8:
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Text is the i-th parameter as text: up to the first NUL, NA where it is
// empty, "" where the record has no such parameter. It aliases the record.
func (e *Event) Text(i int) string {
	if uint(i) >= uint(e.nparams) {
		return ""
	}
	b := e.params[i]
	if len(b) == 0 || string(b) == nullText {
		return NA
	}
	return cstring(b)
}

// RawText is the i-th parameter's bytes as a string, NULs and all. It aliases
// the record.
func (e *Event) RawText(i int) string { return alias(e.Param(i)) }

// cstring is the text before the first NUL.
func cstring(b []byte) string {
	if end := bytes.IndexByte(b, 0); end >= 0 {
		b = b[:end]
	}
	return alias(b)
}

// alias is b as a string without a copy.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Value is the i-th parameter with its own type, as evt.rawarg yields it:
// Missing where the record does not have it, or where it is empty and not text.
func (e *Event) Value(i int) event.Value {
	if uint(i) >= uint(e.nparams) {
		return event.Value{}
	}
	return e.typed(e.Info.Params[i].Type, i)
}

// typed reads the i-th parameter as a value of type t.
func (e *Event) typed(t field.Type, i int) event.Value {
	switch shapeOf[t] {
	case shapeText:
		return event.Text(e.Text(i))
	case shapeBytes:
		return event.Bytes(alias(e.params[i]))
	}
	if len(e.params[i]) == 0 {
		return event.Value{}
	}
	switch shapeOf[t] {
	case shapeInt:
		return event.Int(e.Int(i))
	case shapeBool:
		return event.Bool(e.Uint(i) != 0)
	case shapeIP:
		return event.IPBytes(alias(e.params[i]))
	}
	return event.Uint(e.Uint(i))
}

// shape is which kind of Value a parameter type yields.
type shape uint8

const (
	shapeUint shape = iota
	shapeInt
	shapeText
	shapeBytes
	shapeBool
	shapeIP
)

// shapeOf has the parameter types that are not unsigned numbers.
var shapeOf = [field.PID32 + 1]shape{
	field.Int8: shapeInt, field.Int16: shapeInt, field.Int32: shapeInt, field.Int64: shapeInt,
	field.Errno: shapeInt, field.FD: shapeInt, field.PID: shapeInt, field.FD32: shapeInt, field.PID32: shapeInt,
	field.Charbuf: shapeText, field.FSPath: shapeText, field.FSRelPath: shapeText,
	field.Bytebuf: shapeBytes, field.SockAddr: shapeBytes, field.SockTuple: shapeBytes, field.FDList: shapeBytes,
	field.CharbufArray: shapeBytes, field.CharbufPairArray: shapeBytes, field.Dyn: shapeBytes,
	field.Bool:     shapeBool,
	field.IPv4Addr: shapeIP, field.IPv6Addr: shapeIP, field.IPAddr: shapeIP,
}
