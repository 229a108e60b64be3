package k8sauditreceiver

import (
	"io"
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
func (b *batch) add(event []byte, at uint64, observed time.Time) {
	rec := b.records.AppendEmpty()
	rec.SetTimestamp(pcommon.Timestamp(at))
	rec.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	rec.Body().SetStr(string(event))
	b.bytes += len(event)
}

// reader reads the events of one request after the other.
type reader struct {
	splitter splitter
	doc      jsondoc.Document
}

func newReader() *reader { return &reader{} }

func (r *reader) begin(body io.Reader) { r.splitter.reset(body) }

// fill adds events to a batch until it is full or the request is done. The error
// tells that the request is wrong, or cannot be read.
func (r *reader) fill(b *batch, now time.Time) (done bool, err error) {
	for !b.full() {
		text, err := r.splitter.next()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		at, err := r.check(text)
		if err != nil {
			return false, err
		}
		if at != noEvent {
			b.add(text, at, now)
		}
	}
	return false, nil
}

// noEvent stands for the time of what is right and has no event: an empty list.
const noEvent = ^uint64(0)

// check looks whether a text is an audit event, and when it happened; 0 where it
// does not say.
func (r *reader) check(text []byte) (at uint64, err error) {
	rest, err := r.doc.Parse(view(text))
	if err != nil {
		return 0, err
	}
	root := r.doc.Root()
	if rest != "" || !k8saudit.Source().Match(root) {
		return 0, errNoEvent
	}
	if !root.Get("kind").Equal("Event") {
		return noEvent, nil
	}
	if at, err = k8saudit.Source().Time(root); err != nil {
		return 0, nil // it is for the rules to say that
	}
	return at, nil
}
