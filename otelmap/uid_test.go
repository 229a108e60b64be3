package otelmap

import (
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestULID(t *testing.T) {
	for want, id := range map[string][16]byte{
		"00000000000000000000000000": {},
		"7ZZZZZZZZZZZZZZZZZZZZZZZZZ": {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
		"00000000010000000000000000": {5: 1}, // one millisecond
	} {
		if got := ulid(id); got != want {
			t.Errorf("ulid(%v) = %s, want %s", id, got, want)
		}
	}
}

// uidOf is the identity of a notice at a time.
func uidOf(origin Origin, at time.Time, body string) string {
	batch := NewBatch(origin)
	batch.AddNotice(Notice{Name: "lanner.test", Time: at, Severity: plog.SeverityNumberInfo, Body: body, Attributes: pcommon.NewMap()}, time.Now())
	rec := batch.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	uid, _ := rec.Attributes().Get("log.record.uid")
	return uid.Str()
}

func TestIdentityIsOfTheContent(t *testing.T) {
	at := time.UnixMilli(1)
	a := Origin{Scope: "s", Resource: map[string]string{"host.id": "a"}}
	b := Origin{Scope: "s", Resource: map[string]string{"host.id": "b"}}
	first := uidOf(a, at, "x")
	if len(first) != 26 || first[:10] != "0000000001" {
		t.Errorf("%q is no ULID of the first millisecond", first)
	}
	if again := uidOf(a, at, "x"); again != first {
		t.Errorf("the same record is %s and %s", first, again)
	}
	for what, other := range map[string]string{
		"host": uidOf(b, at, "x"), "text": uidOf(a, at, "y"), "time": uidOf(a, at.Add(1), "x"),
	} {
		if other == first {
			t.Errorf("records of another %s have the same identity", what)
		}
	}
}
