package e2e

import (
	"context"
	"net"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // what the exporter sends with
)

// record is a log record with its resource.
type record struct {
	plog.LogRecord
	resource map[string]any
}

// sink is an OTLP server that hands out the records it gets.
type sink struct {
	plogotlp.UnimplementedGRPCServer
	records chan record
}

// newSink starts a sink on a free port and returns its address.
func newSink(t *testing.T) (*sink, string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{records: make(chan record, 10_000)}
	server := grpc.NewServer()
	plogotlp.RegisterGRPCServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return s, listener.Addr().String()
}

// Export implements plogotlp.GRPCServer.
func (s *sink) Export(_ context.Context, req plogotlp.ExportRequest) (plogotlp.ExportResponse, error) {
	for _, group := range req.Logs().ResourceLogs().All() {
		resource := group.Resource().Attributes().AsRaw()
		for _, scope := range group.ScopeLogs().All() {
			for _, rec := range scope.LogRecords().All() {
				s.records <- record{rec, resource}
			}
		}
	}
	return plogotlp.NewExportResponse(), nil
}

// waitTime bounds the waiting for what must come; a test that waits so long fails.
const waitTime = 30 * time.Second

// find waits for a record that match accepts, and passes over all others.
func (s *sink) find(t *testing.T, match func(record) bool) record {
	t.Helper()
	timeout := time.After(waitTime)
	seen := 0
	for {
		select {
		case rec := <-s.records:
			seen++
			if match(rec) {
				return rec
			}
		case <-timeout:
			t.Fatalf("the record did not come; %d others did", seen)
		}
	}
}

// text is a record's attribute as text.
func (r record) text(key string) string {
	v, ok := r.Attributes().Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}
