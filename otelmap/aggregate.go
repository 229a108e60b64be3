package otelmap

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
)

// SummaryEventName is the event name of a record that stands for detections
// which have no records of their own.
const SummaryEventName = "lanner.rule.summary"

// Attributes of a record that stands for several detections. The times are
// nanoseconds since the Unix epoch.
const (
	keyCount = "lanner.aggregate.count"
	keyFirst = "lanner.aggregate.first"
	keyLast  = "lanner.aggregate.last"
)

// Aggregate is how many detections a record stands for, and when they were.
type Aggregate struct {
	Count       uint64
	First, Last uint64 // event times, nanoseconds since the Unix epoch
}

// One is the Aggregate of a single detection.
func One(det *engine.Detection) Aggregate { return Aggregate{1, det.Time, det.Time} }

// Join adds the detections that another record stands for.
func (a *Aggregate) Join(other Aggregate) {
	if a.Count == 0 {
		*a = other
		return
	}
	a.Count += other.Count
	a.First = min(a.First, other.First)
	a.Last = max(a.Last, other.Last)
}

func (a Aggregate) put(dst pcommon.Map) {
	dst.PutInt(keyCount, int64(a.Count))
	dst.PutInt(keyFirst, int64(a.First))
	dst.PutInt(keyLast, int64(a.Last))
}

// AddAggregate maps the first of several identical detections. Of a single one
// it makes the record that Add makes.
func (b *Batch) AddAggregate(det *engine.Detection, n Aggregate, observed time.Time) {
	all := fieldsOf(det)
	rec := b.group(all).AppendEmpty()
	setRecord(rec, det, all, b.origin, observed)
	if n.Count > 1 {
		n.put(rec.Attributes())
	}
	b.n++
}

// AddSummary adds a record for detections of a rule that have none. It stands on
// the host's resource.
func (b *Batch) AddSummary(rule *rules.Rule, n Aggregate, observed time.Time) {
	rec := plog.NewLogRecord()
	attrs := rec.Attributes()
	setRule(attrs, rule)
	attrs.PutStr(keySource, rule.Source)
	n.put(attrs)
	rec.SetEventName(SummaryEventName)
	rec.SetTimestamp(pcommon.Timestamp(n.Last))
	rec.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	rec.SetSeverityNumber(severity(rule.Priority))
	rec.SetSeverityText(rule.Priority.String())
	rec.Body().SetStr(fmt.Sprintf("Rule %q matched %d more times between %s and %s", valid(rule.Name), n.Count,
		time.Unix(0, int64(n.First)).UTC().Format(time.RFC3339), time.Unix(0, int64(n.Last)).UTC().Format(time.RFC3339)))
	setUID(rec, b.origin, rule.Name, n.Count)
	rec.MoveTo(b.group(nil).AppendEmpty())
	b.n++
}
