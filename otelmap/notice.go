package otelmap

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Notice is what a detector says of itself, as a log record: its rules changed,
// it could not see. It owns all it holds.
type Notice struct {
	Name       string // of the event
	Time       time.Time
	Severity   plog.SeverityNumber
	Body       string
	Attributes pcommon.Map
}

// AddNotice adds a notice. It stands on the host's resource.
func (b *Batch) AddNotice(n Notice, observed time.Time) {
	rec := b.group(nil).AppendEmpty()
	rec.SetEventName(n.Name)
	rec.SetTimestamp(pcommon.NewTimestampFromTime(n.Time))
	rec.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	rec.SetSeverityNumber(n.Severity)
	rec.SetSeverityText(n.Severity.String())
	rec.Body().SetStr(valid(n.Body))
	n.Attributes.CopyTo(rec.Attributes())
	setUID(rec, b.origin, "", 0)
	b.n++
}

// PutStrings writes a list of texts; an empty one is left out.
func PutStrings(dst pcommon.Map, key string, list []string) { putStrings(dst, key, list) }
