package k8sauditreceiver

import (
	"errors"
	"io"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
	"github.com/lannersec/lanner/source/jsondoc"
	"github.com/lannersec/lanner/source/k8saudit"
)

// Bounds of what goes to the pipeline at once. API servers send up to 400 events
// a request, so that the events of one request go together; a request with more
// takes no more memory than that.
const (
	maxBatchEvents = 2000
	maxBatchBytes  = 8 << 20
)

// keySource tells the processor security_rules what the records are, so that it
// need not look at their shape.
const keySource = "lanner.event.source"

// batch collects events as log records. A record's body is the event's JSON as
// text: it is parsed once, by who evaluates rules on it.
type batch struct {
	logs    plog.Logs
	records plog.LogRecordSlice
	bytes   int
}

func newBatch(cluster, version string) *batch {
	b := &batch{logs: plog.NewLogs()}
	group := b.logs.ResourceLogs().AppendEmpty()
	group.SetSchemaUrl(semconv.SchemaURL)
	if cluster != "" {
		group.Resource().Attributes().PutStr(string(semconv.K8SClusterNameKey), cluster)
	}
	scope := group.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(metadata.ScopeName)
	scope.Scope().SetVersion(version)
	scope.Scope().Attributes().PutStr(keySource, k8saudit.SourceName)
	b.records = scope.LogRecords()
	return b
}

func (b *batch) len() int { return b.records.Len() }

func (b *batch) full() bool { return b.len() >= maxBatchEvents || b.bytes >= maxBatchBytes }

// add appends an event, of which it keeps a copy.
func (b *batch) add(event string, at uint64, observed time.Time) {
	rec := b.records.AppendEmpty()
	rec.SetTimestamp(pcommon.Timestamp(at))
	rec.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	rec.Body().SetStr(strings.Clone(event))
	b.bytes += len(event)
}

// fill adds events to the batch until it is full or the request is done. The
// error tells that the request is wrong, or cannot be read.
func (b *batch) fill(s *splitter, now time.Time) (done bool, err error) {
	for !b.full() {
		event, err := s.next()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if !k8saudit.Source().Match(event) {
			return false, errNoEvent
		}
		if isEmptyList(event) {
			continue
		}
		at, err := k8saudit.Source().Time(event)
		if err != nil {
			at = 0 // it is for the rules to say that
		}
		b.add(event.Raw(), at, now)
	}
	return false, nil
}

// isEmptyList tells a list without items from an event.
func isEmptyList(n jsondoc.Node) bool { return n.Get("kind").Equal("EventList") }
