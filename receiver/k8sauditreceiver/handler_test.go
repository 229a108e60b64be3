package k8sauditreceiver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
	"github.com/lannersec/lanner/source/jsondoc"
)

// TestRefusalsAreCounted by their cause.
func TestRefusalsAreCounted(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	set := receivertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	h, err := newReceiver(config(), set, consumertest.NewNop()).newHandler()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"{", "<", `{"kind":"Pod"}`, list(sampleEvent(t))} {
		req := httptest.NewRequest(http.MethodPost, "/k8s-audit", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
	m, err := telemetry.GetMetric("otelcol.lanner.audit.requests.refused")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
		cause, _ := p.Attributes.Value(attribute.Key("cause"))
		got[cause.AsString()] = p.Value
	}
	if len(got) != 2 || got["malformed"] != 2 || got["no_event"] != 1 {
		t.Errorf("%v", got)
	}
}

// FuzzHandler feeds the webhook: whatever comes, what is acknowledged is right
// and delivered, and nothing else is.
func FuzzHandler(f *testing.F) {
	event := sampleEvent(f)
	for _, seed := range []string{
		"", "{", "[]", list(), list(event), "[" + event + "," + event + "]", event + "\n" + event, list(event)[:700],
		`{"items":[{"kind":"Event","auditID":"a"}],"items":[{"kind":"Event","auditID":"b"}]}`, `{"items":[{}}`, `{"kind":"EventList","items":[[]]}`,
		strings.Repeat(`{"items":[`, 400), `{"a":"\ud800","kind":"Event","auditID":1}`,
	} {
		f.Add(seed)
	}
	sink := new(consumertest.LogsSink)
	h, err := newReceiver(config(), receivertest.NewNopSettings(metadata.Type), sink).newHandler()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		sink.Reset()
		req := httptest.NewRequest(http.MethodPost, "/k8s-audit", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		resp := httptest.NewRecorder()
		h.ServeHTTP(resp, req)
		switch resp.Code {
		case http.StatusOK:
			isDelivered(t, sink)
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
			if sink.LogRecordCount() != 0 {
				t.Errorf("%d records of a request that was refused", sink.LogRecordCount())
			}
		default:
			t.Errorf("status %d", resp.Code)
		}
	})
}

// isDelivered checks that each record is a document of its own.
func isDelivered(t *testing.T, sink *consumertest.LogsSink) {
	t.Helper()
	var doc jsondoc.Document
	for _, logs := range sink.AllLogs() {
		for _, rec := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			rest, err := doc.Parse(rec.Body().Str())
			if err != nil || rest != "" || doc.Root().Kind() != jsondoc.Object {
				t.Errorf("the record %q is no document: %v", rec.Body().Str(), err)
			}
		}
	}
}
