package event

import (
	"encoding/binary"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Kind tells which of a Value's forms is set.
type Kind uint8

// The kinds of Value. Missing is the zero Value: the event has no such value,
// and every comparison with it is false.
const (
	Missing Kind = iota
	KindText
	KindBytes
	KindInt
	KindUint
	KindBool
	KindFloat
	KindIP
	KindNet
	KindList
)

// Value is a tagged field value. It is passed by value and never boxed.
//
// Text, bytes and address values may alias memory that the event owns (the raw
// sample or the event's Scratch): they are valid only until the source reads
// its next event. Clone makes a value that may be kept.
type Value struct {
	kind Kind
	form form    // how AppendText writes a number
	num  uint64  // Int, Uint, Bool, Float bits; prefix length of a Net
	str  string  // Text, Bytes; 4 or 16 address bytes of an IP or Net
	list []Value // List
}

// form is a way of writing numbers.
type form uint8

const (
	decimal     form = iota
	hexadecimal      // in upper case
	nineDigits       // in decimal, with zeros before it
)

// Text is a text value. It keeps s, it does not copy it.
func Text(s string) Value { return Value{kind: KindText, str: s} }

// Bytes is a value of raw bytes, held as a string that must not change.
func Bytes(s string) Value { return Value{kind: KindBytes, str: s} }

// Int is a signed number.
func Int(n int64) Value { return Value{kind: KindInt, num: uint64(n)} }

// Uint is an unsigned number.
func Uint(n uint64) Value { return Value{kind: KindUint, num: n} }

// Float is a floating point number.
func Float(f float64) Value { return Value{kind: KindFloat, num: math.Float64bits(f)} }

// Bool is a truth value.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// IPBytes is an address of 4 or 16 bytes in network order; any other length is Missing.
func IPBytes(b string) Value {
	if len(b) != 4 && len(b) != 16 {
		return Value{}
	}
	return Value{kind: KindIP, str: b}
}

// NetBytes is a network: 4 or 16 address bytes and a prefix length in bits.
func NetBytes(b string, bits int) Value {
	if len(b) != 4 && len(b) != 16 {
		return Value{}
	}
	return Value{kind: KindNet, str: b, num: uint64(bits)}
}

// ListOf is a list. It keeps vs, it does not copy it.
func ListOf(vs []Value) Value { return Value{kind: KindList, list: vs} }

// InHex is the number v, which AppendText writes in upper case hexadecimal digits.
func (v Value) InHex() Value {
	v.form = hexadecimal
	return v
}

// InNineDigits is the number v, which AppendText writes with at least nine
// digits: the nanoseconds of a second.
func (v Value) InNineDigits() Value {
	v.form = nineDigits
	return v
}

// Kind tells which accessor is meaningful.
func (v Value) Kind() Kind { return v.kind }

// Exists tells whether the event has the value at all.
func (v Value) Exists() bool { return v.kind != Missing }

// Str is the content of a Text or Bytes value, and the address bytes of an IP or Net.
func (v Value) Str() string { return v.str }

// Int is the number of an Int value.
func (v Value) Int() int64 { return int64(v.num) }

// Uint is the number of a Uint value, the bits of any other number.
func (v Value) Uint() uint64 { return v.num }

// Bool is the truth of a Bool value.
func (v Value) Bool() bool { return v.num != 0 }

// Float is the number of a Float value.
func (v Value) Float() float64 { return math.Float64frombits(v.num) }

// List is the items of a List value.
func (v Value) List() []Value { return v.list }

// Addr is the address of an IP or Net value.
func (v Value) Addr() netip.Addr {
	a, _ := netip.AddrFromSlice([]byte(v.str))
	return a
}

// Prefix is the network of a Net value.
func (v Value) Prefix() netip.Prefix { return netip.PrefixFrom(v.Addr(), int(v.num)) }

// Clone copies what v aliases, so that the result outlives the event.
func (v Value) Clone() Value {
	v.str = strings.Clone(v.str)
	if v.list != nil {
		list := make([]Value, len(v.list))
		for i, item := range v.list {
			list[i] = item.Clone()
		}
		v.list = list
	}
	return v
}

// AppendText appends the value as rules and outputs show it: numbers in
// decimal, addresses in their usual form, lists as (a,b).
func (v Value) AppendText(b []byte) []byte {
	switch v.kind {
	case KindText, KindBytes:
		return append(b, v.str...)
	case KindInt, KindUint:
		return v.appendNumber(b)
	case KindBool:
		return strconv.AppendBool(b, v.Bool())
	case KindFloat:
		return strconv.AppendFloat(b, v.Float(), 'f', 1, 64)
	case KindIP:
		return v.Addr().AppendTo(b)
	case KindNet:
		return v.Prefix().AppendTo(b)
	case KindList:
		b = append(b, '(')
		for i, item := range v.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.AppendText(b)
		}
		return append(b, ')')
	case Missing:
	}
	return b
}

func (v Value) appendNumber(b []byte) []byte {
	switch v.form {
	case hexadecimal:
		start := len(b)
		b = strconv.AppendUint(b, v.num, 16)
		for i, c := range b[start:] {
			if c >= 'a' {
				b[start+i] = c - 'a' + 'A'
			}
		}
		return b
	case nineDigits:
		for limit := uint64(100_000_000); limit > v.num && limit > 1; limit /= 10 {
			b = append(b, '0')
		}
	case decimal:
	}
	if v.kind == KindInt {
		return strconv.AppendInt(b, v.Int(), 10)
	}
	return strconv.AppendUint(b, v.num, 10)
}

// String is AppendText as a string.
func (v Value) String() string { return string(v.AppendText(nil)) }

// IPv4 is an address value for the 4 bytes of n in host order; for tests and tables.
func IPv4(n uint32) Value {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return IPBytes(string(b[:]))
}
