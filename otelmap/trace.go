package otelmap

import (
	"encoding/hex"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// setTrace fills trace and span id from a W3C traceparent, which a process
// carries in its environment when its parent traced it. Anything else that
// stands there is passed over: the environment is the process's to write.
func setTrace(rec plog.LogRecord, traceparent string) {
	parts := strings.Split(traceparent, "-")
	if len(parts) < 4 || len(parts[0]) != 2 || parts[0] == "ff" {
		return
	}
	var (
		trace pcommon.TraceID
		span  pcommon.SpanID
		flags [1]byte
	)
	if !unhex(trace[:], parts[1]) || !unhex(span[:], parts[2]) || !unhex(flags[:], parts[3]) {
		return
	}
	if trace.IsEmpty() || span.IsEmpty() {
		return
	}
	rec.SetTraceID(trace)
	rec.SetSpanID(span)
	rec.SetFlags(plog.LogRecordFlags(flags[0]))
}

// unhex fills dst from exactly as many lower-case hexadecimal digits.
func unhex(dst []byte, digits string) bool {
	if len(digits) != hex.EncodedLen(len(dst)) || digits != strings.ToLower(digits) {
		return false
	}
	_, err := hex.Decode(dst, []byte(digits))
	return err == nil
}
