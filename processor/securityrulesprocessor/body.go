package securityrulesprocessor

import (
	"strings"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/source/jsondoc"
)

// bodyText is the body as JSON text; buf is for bodies that are no text. Both
// are valid until buf is used again.
func bodyText(body pcommon.Value, buf []byte) (text string, next []byte) {
	switch body.Type() {
	case pcommon.ValueTypeStr:
		return body.Str(), buf
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		buf = appendJSON(buf[:0], body, jsondoc.MaxDepth)
	case pcommon.ValueTypeBytes:
		buf = appendBytes(buf[:0], body.Bytes())
	default:
		return "", buf
	}
	return view(buf), buf
}

// appendBytes appends the bytes of a slice that gives them away only as copies.
func appendBytes(b []byte, bytes pcommon.ByteSlice) []byte {
	for i := range bytes.Len() {
		b = append(b, bytes.At(i))
	}
	return b
}

// view is b as text, without a copy: for as long as b does not change.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// isDocument tells JSON's arrays and objects from other text.
func isDocument(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return text != "" && (text[0] == '{' || text[0] == '[')
}

// appendRecord appends a record in the form that package logrecord reads.
func appendRecord(b []byte, rec plog.LogRecord, scope string, resource pcommon.Map) []byte {
	b = append(b, `{"body":`...)
	if rec.Body().Type() == pcommon.ValueTypeBytes { // as a receiver of files brings text
		b = appendQuotedBytes(b, rec.Body().Bytes())
	} else {
		b = appendJSON(b, rec.Body(), jsondoc.MaxDepth-1)
	}
	b = append(b, `,"attributes":`...)
	b = appendMap(b, rec.Attributes(), jsondoc.MaxDepth-1)
	b = append(b, `,"resource":`...)
	b = appendMap(b, resource, jsondoc.MaxDepth-1)
	if n := rec.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		b = appendInt(append(b, `,"severity_number":`...), int64(n))
	}
	for _, m := range []struct{ name, text string }{
		{"severity_text", rec.SeverityText()}, {"event_name", rec.EventName()}, {"scope", scope},
		{"trace_id", rec.TraceID().String()}, {"span_id", rec.SpanID().String()},
	} {
		if m.text != "" {
			b = append(append(append(b, `,"`...), m.name...), `":`...)
			b = appendQuoted(b, m.text)
		}
	}
	return append(b, '}')
}
