package otelmap_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/otelmap"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/logrecord"
)

// sampleLog is a record with a body of every type of value.
func sampleLog(t testing.TB) (plog.ResourceLogs, plog.LogRecord) {
	rl := plog.NewLogs().ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "shop")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("cart")
	record := sl.LogRecords().AppendEmpty()
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.SetSeverityText("WARN")
	record.SetEventName("order")
	record.Attributes().PutInt("http.status", 500)
	record.SetTraceID([16]byte{1})
	record.SetSpanID([8]byte{2})
	body := map[string]any{
		"text": "a \"quoted\"\\\n\tpath \x01é", "int": int64(-7), "float": 2.5, "whole": 1e21, "yes": true, "none": nil,
		"list": []any{"x", int64(1), []any{}}, "map": map[string]any{"/": "~"}, "bytes": []byte("raw"),
	}
	if err := record.Body().SetEmptyMap().FromRaw(body); err != nil {
		t.Fatal(err)
	}
	return rl, record
}

// TestAppendValueIsJSON: what another reader makes of it is the value itself.
func TestAppendValueIsJSON(t *testing.T) {
	_, record := sampleLog(t)
	text := otelmap.AppendValue(nil, record.Body())
	var got any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	want := map[string]any{
		"text": "a \"quoted\"\\\n\tpath \x01é", "int": -7.0, "float": 2.5, "whole": 1e21, "yes": true, "none": nil,
		"list": []any{"x", 1.0, []any{}}, "map": map[string]any{"/": "~"}, "bytes": "raw",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestAppendValueOddities(t *testing.T) {
	deep := pcommon.NewValueSlice()
	for v, i := deep, 0; i < 500; i++ {
		v = v.Slice().AppendEmpty()
		v.SetEmptySlice()
	}
	binary := pcommon.NewValueBytes()
	binary.Bytes().FromRaw([]byte{0xff, 0xfe})
	for name, v := range map[string]pcommon.Value{
		`"NaN"`: pcommon.NewValueDouble(math.NaN()), `"-Inf"`: pcommon.NewValueDouble(math.Inf(-1)),
		`"//4="`: binary, "null": pcommon.NewValueEmpty(),
	} {
		if got := string(otelmap.AppendValue(nil, v)); got != name {
			t.Errorf("got %s, want %s", got, name)
		}
	}
	text := string(otelmap.AppendValue(nil, deep))
	if !json.Valid([]byte(text)) || !strings.Contains(text, "null") {
		t.Errorf("%d bytes of a value that nests too deeply", len(text))
	}
}

// TestAppendRecordIsRead: rules of otel_log find everything in it.
func TestAppendRecordIsRead(t *testing.T) {
	rl, record := sampleLog(t)
	sl := rl.ScopeLogs().At(0)
	text := otelmap.AppendRecord(nil, rl.Resource(), sl.Scope(), record)
	read := 0
	_, err := document.NewReader(logrecord.Source()).ReadBytes(text, document.Origin{}, func(e *document.Event) {
		read++
		for path, want := range map[string]string{
			"resource": "shop", "attributes": "500",
		} {
			names := map[string]string{"resource": "service.name", "attributes": "http.status"}
			if got := e.Root.Path(path, names[path]).Text(&e.Head.Scratch); got != want {
				t.Errorf("%s: %q", path, got)
			}
		}
		for name, want := range map[string]string{
			"severity_text": "WARN", "severity_number": "13", "event_name": "order", "scope": "cart",
			"trace_id": "01000000000000000000000000000000", "span_id": "0200000000000000",
		} {
			if got := e.Root.Get(name).Text(&e.Head.Scratch); got != want {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
	if err != nil || read != 1 {
		t.Errorf("%d events, %v", read, err)
	}
}

func TestAppendRecordDoesNotAllocate(t *testing.T) {
	rl, record := sampleLog(t)
	sl := rl.ScopeLogs().At(0)
	record.Body().SetStr(strings.Repeat("body ", 200))
	record.SetTraceID([16]byte{})
	record.SetSpanID([8]byte{})
	b := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { b = otelmap.AppendRecord(b[:0], rl.Resource(), sl.Scope(), record) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendRecord(b *testing.B) {
	rl, record := sampleLog(b)
	sl := rl.ScopeLogs().At(0)
	var text []byte
	b.ReportAllocs()
	for b.Loop() {
		text = otelmap.AppendRecord(text[:0], rl.Resource(), sl.Scope(), record)
	}
	b.SetBytes(int64(len(text)))
}
