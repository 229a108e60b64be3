package otelmap

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/lannersec/lanner/engine"
)

// Origin is what all records of a Batch have in common.
type Origin struct {
	// Scope and Version name the component that emits the records.
	Scope, Version string
	// Resource are attributes of the host that no event carries.
	Resource map[string]string
}

// Batch collects detections as log records, grouped by resource. It is not for
// concurrent use.
type Batch struct {
	origin Origin
	logs   plog.Logs
	groups map[string]plog.LogRecordSlice // by the resource's attributes
	n      int
}

// NewBatch makes an empty Batch.
func NewBatch(origin Origin) *Batch {
	b := &Batch{origin: origin}
	b.reset()
	return b
}

func (b *Batch) reset() {
	b.logs = plog.NewLogs()
	b.groups = map[string]plog.LogRecordSlice{}
	b.n = 0
}

// Len is the number of records in the Batch.
func (b *Batch) Len() int { return b.n }

// Add maps a detection. It keeps nothing of det.
func (b *Batch) Add(det *engine.Detection, observed time.Time) {
	b.AddAggregate(det, One(det), observed)
}

// Take returns the records and leaves the Batch empty.
func (b *Batch) Take() plog.Logs {
	logs := b.logs
	b.reset()
	return logs
}

// group finds or makes the records of the resource that the fields describe.
func (b *Batch) group(all fields) plog.LogRecordSlice {
	resource := pcommon.NewMap()
	setAttributes(resource, onResource, all)
	key := resourceKey(resource)
	if records, ok := b.groups[key]; ok {
		return records
	}
	for k, v := range b.origin.Resource {
		resource.PutStr(k, v)
	}
	group := b.logs.ResourceLogs().AppendEmpty()
	group.SetSchemaUrl(semconv.SchemaURL)
	resource.MoveTo(group.Resource().Attributes())
	scope := group.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(b.origin.Scope)
	scope.Scope().SetVersion(b.origin.Version)
	b.groups[key] = scope.LogRecords()
	return scope.LogRecords()
}

// resourceKey tells resources apart. The order of the table makes it the same
// for the same attributes.
func resourceKey(resource pcommon.Map) string {
	var key strings.Builder
	for k, v := range resource.All() {
		key.WriteString(k)
		key.WriteByte(0)
		key.WriteString(v.AsString())
		key.WriteByte(0)
	}
	return key.String()
}

// SetScope makes a scope that of the records of the origin's component.
func (o Origin) SetScope(scope plog.ScopeLogs) {
	scope.SetSchemaUrl(semconv.SchemaURL)
	scope.Scope().SetName(o.Scope)
	scope.Scope().SetVersion(o.Version)
}
