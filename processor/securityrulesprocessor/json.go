package securityrulesprocessor

import (
	"encoding/base64"
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// appendJSON appends a value as JSON; what is nested deeper than depth is null.
// It allocates nothing but b.
func appendJSON(b []byte, v pcommon.Value, depth int) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return appendQuoted(b, v.Str())
	case pcommon.ValueTypeInt:
		return appendInt(b, v.Int())
	case pcommon.ValueTypeDouble:
		return appendDouble(b, v.Double())
	case pcommon.ValueTypeBool:
		return strconv.AppendBool(b, v.Bool())
	case pcommon.ValueTypeMap:
		return appendMap(b, v.Map(), depth)
	case pcommon.ValueTypeSlice:
		return appendSlice(b, v.Slice(), depth)
	case pcommon.ValueTypeBytes:
		return append(appendBase64(append(b, '"'), v.Bytes()), '"')
	case pcommon.ValueTypeEmpty:
	}
	return append(b, "null"...)
}

func appendMap(b []byte, m pcommon.Map, depth int) []byte {
	if depth == 0 {
		return append(b, "null"...)
	}
	b = append(b, '{')
	first := true
	for key, v := range m.All() {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendQuoted(b, key)
		b = appendJSON(append(b, ':'), v, depth-1)
	}
	return append(b, '}')
}

func appendSlice(b []byte, s pcommon.Slice, depth int) []byte {
	if depth == 0 {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range s.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, s.At(i), depth-1)
	}
	return append(b, ']')
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// appendDouble appends a number; what parsed JSON to doubles made 200.0 of 200,
// and it becomes 200 again.
func appendDouble(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(b, "null"...)
	case f != 0 && (math.Abs(f) < 1e-6 || math.Abs(f) >= 1e21):
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// appendBase64 encodes three bytes at a time, for a slice gives away all of them
// only as a copy.
func appendBase64(b []byte, bytes pcommon.ByteSlice) []byte {
	var group [3]byte
	for from := 0; from < bytes.Len(); from += len(group) {
		n := min(len(group), bytes.Len()-from)
		for i := range n {
			group[i] = bytes.At(from + i)
		}
		b = base64.StdEncoding.AppendEncode(b, group[:n])
	}
	return b
}

// appendQuoted appends text as a string of JSON. Bytes that are no UTF-8 stay.
func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(text) {
		if plain(text[i]) {
			continue
		}
		b = appendEscaped(append(b, text[from:i]...), text[i])
		from = i + 1
	}
	return append(append(b, text[from:]...), '"')
}

// appendQuotedBytes appends bytes that are text.
func appendQuotedBytes(b []byte, bytes pcommon.ByteSlice) []byte {
	b = append(b, '"')
	for i := range bytes.Len() {
		if c := bytes.At(i); plain(c) {
			b = append(b, c)
		} else {
			b = appendEscaped(b, c)
		}
	}
	return append(b, '"')
}

// plain tells whether a byte of a string needs no escape.
func plain(c byte) bool { return c >= ' ' && c != '"' && c != '\\' }

func appendEscaped(b []byte, c byte) []byte {
	const digits = "0123456789abcdef"
	if c < ' ' {
		return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
	}
	return append(b, '\\', c)
}
