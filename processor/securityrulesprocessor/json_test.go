package securityrulesprocessor

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/source/jsondoc"
)

// TestJSON: what is written reads as what was there.
func TestJSON(t *testing.T) {
	want := map[string]any{
		"text": "a \"quoted\" \\ line\n\ttab \x01 é \u2028", "int": float64(-3), "double": 1.5, "whole": 200.0, "large": 1e21, "small": 1e-7,
		"yes": true, "no": false, "nothing": nil, "list": []any{"x", float64(1), []any{}}, "map": map[string]any{"": map[string]any{}},
	}
	v := pcommon.NewValueEmpty()
	if err := v.FromRaw(want); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(appendJSON(nil, v, jsondoc.MaxDepth), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %v\nwant %v", err, got, want)
	}
	for text, value := range map[string]any{"200": 200.0, "null": math.Inf(1), `"AAEC/w=="`: []byte{0, 1, 2, 255}, `"YQ=="`: []byte("a")} {
		v := pcommon.NewValueEmpty()
		if err := v.FromRaw(value); err != nil {
			t.Fatal(err)
		}
		if got := string(appendJSON(nil, v, 1)); got != text {
			t.Errorf("%v: %s, want %s", value, got, text)
		}
	}
}

// TestDeepValues end where the reader would not go on.
func TestDeepValues(t *testing.T) {
	v := pcommon.NewValueEmpty()
	for at, i := v, 0; i < 10_000; i++ {
		at = at.SetEmptySlice().AppendEmpty()
	}
	var doc jsondoc.Document
	if _, err := doc.Parse(string(appendJSON(nil, v, jsondoc.MaxDepth))); err != nil {
		t.Error(err)
	}
}

// FuzzBody gives the processor a body of any text: it must not fail, and what is
// a document in a string is one in bytes.
func FuzzBody(f *testing.F) {
	for _, line := range sample(f) {
		f.Add(line)
	}
	for _, seed := range []string{"", "{", `{"records":[{"category":"kube-audit","properties":{"log":"{}"}}]}`, `{"Records":[]}`, `[{"kind":"Event"}]`, "\xff"} {
		f.Add(seed)
	}
	next := make(channel, 1000)
	p := start(f, withRules(), next.consumer(f))
	f.Fuzz(func(t *testing.T, body string) {
		var found [2]int
		for i, form := range []any{body, []byte(body)} {
			if err := p.ConsumeLogs(t.Context(), records(form)); err != nil {
				t.Fatal(err)
			}
			for ; len(next) > 0; found[i]++ {
				<-next
			}
		}
		if found[0] != found[1] {
			t.Errorf("%d detections in text, %d in bytes", found[0], found[1])
		}
	})
}

// TestRecordIsADocument: rules for any record read what it is written as.
func TestRecordIsADocument(t *testing.T) {
	rec := plog.NewLogRecord()
	rec.Body().SetEmptyBytes().FromRaw([]byte("a \"b\"\n"))
	rec.Attributes().PutInt("n", 1)
	rec.SetSeverityNumber(9)
	rec.SetSeverityText("info")
	rec.SetTraceID(traceID)
	var got map[string]any
	if err := json.Unmarshal(appendRecord(nil, rec, "scope", pcommon.NewMap()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"body": "a \"b\"\n", "attributes": map[string]any{"n": 1.0}, "resource": map[string]any{}, "severity_number": 9.0,
		"severity_text": "info", "scope": "scope", "trace_id": "010203" + strings.Repeat("0", 26),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
