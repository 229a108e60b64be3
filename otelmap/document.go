package otelmap

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// AppendRecord appends a log record as the JSON document that rules of the
// source otel_log read.
func AppendRecord(b []byte, resource pcommon.Resource, scope pcommon.InstrumentationScope, record plog.LogRecord) []byte {
	b = AppendValue(append(b, `{"body":`...), record.Body())
	b = appendMap(append(b, `,"attributes":`...), record.Attributes(), 0)
	b = appendMap(append(b, `,"resource":`...), resource.Attributes(), 0)
	if n := record.SeverityNumber(); n != 0 {
		b = strconv.AppendInt(append(b, `,"severity_number":`...), int64(n), 10)
	}
	b = appendMember(b, `,"severity_text":`, record.SeverityText())
	b = appendMember(b, `,"event_name":`, record.EventName())
	b = appendMember(b, `,"scope":`, scope.Name())
	if id := record.TraceID(); !id.IsEmpty() {
		b = appendMember(b, `,"trace_id":`, id.String())
	}
	if id := record.SpanID(); !id.IsEmpty() {
		b = appendMember(b, `,"span_id":`, id.String())
	}
	return append(b, '}')
}

// appendMember appends a member with a text, unless it is empty.
func appendMember(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendQuoted(append(b, name...), text)
}

// maxNesting is how deep values are followed: a record that nests deeper has
// null there.
const maxNesting = 200

// AppendValue appends a value as JSON. Bytes are a text where they are UTF-8,
// else base64.
func AppendValue(b []byte, v pcommon.Value) []byte { return appendValue(b, v, 0) }

func appendValue(b []byte, v pcommon.Value, depth int) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return appendQuoted(b, v.Str())
	case pcommon.ValueTypeBool:
		return strconv.AppendBool(b, v.Bool())
	case pcommon.ValueTypeInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case pcommon.ValueTypeDouble:
		return appendFloat(b, v.Double())
	case pcommon.ValueTypeMap:
		if depth < maxNesting {
			return appendMap(b, v.Map(), depth+1)
		}
	case pcommon.ValueTypeSlice:
		if depth < maxNesting {
			return appendSlice(b, v.Slice(), depth+1)
		}
	case pcommon.ValueTypeBytes:
		return appendBytes(b, v.Bytes().AsRaw())
	case pcommon.ValueTypeEmpty:
	}
	return append(b, "null"...)
}

func appendMap(b []byte, m pcommon.Map, depth int) []byte {
	b = append(b, '{')
	first := true
	for name, v := range m.All() {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendQuoted(b, name), ':')
		b = appendValue(b, v, depth)
	}
	return append(b, '}')
}

func appendSlice(b []byte, s pcommon.Slice, depth int) []byte {
	b = append(b, '[')
	for i := range s.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, s.At(i), depth)
	}
	return append(b, ']')
}

// appendFloat writes what JSON has no number for as a text.
func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b = strconv.AppendFloat(append(b, '"'), f, 'g', -1, 64)
		return append(b, '"')
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

func appendBytes(b, raw []byte) []byte {
	if utf8.Valid(raw) {
		return appendQuoted(b, string(raw))
	}
	b = base64.StdEncoding.AppendEncode(append(b, '"'), raw)
	return append(b, '"')
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a text as a JSON string.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}
