package securityrulesprocessor

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/otelmap"
)

// pass is the way of one batch of records through the processor.
type pass struct {
	cfg    *Config
	worker *worker
	origin otelmap.Origin
	now    time.Time
}

// run returns what goes on: the records that came, without those that stop
// here, and with the detections in a scope of their own on the same resource.
// Where no record goes on, those that came are not touched.
func (p pass) run(logs plog.Logs) plog.Logs {
	if !p.cfg.mutates() {
		return p.detections(logs)
	}
	logs.ResourceLogs().RemoveIf(func(group plog.ResourceLogs) bool {
		own := newDetections(p)
		group.ScopeLogs().RemoveIf(func(scope plog.ScopeLogs) bool {
			scope.LogRecords().RemoveIf(func(rec plog.LogRecord) bool {
				found := p.worker.record(rec, scope.Scope(), group.Resource())
				own.add(rec, found)
				return !p.goesOn(rec, found)
			})
			return scope.LogRecords().Len() == 0
		})
		own.moveTo(group)
		return group.ScopeLogs().Len() == 0
	})
	return logs
}

// detections returns the detections alone.
func (p pass) detections(logs plog.Logs) plog.Logs {
	out := plog.NewLogs()
	for _, group := range logs.ResourceLogs().All() {
		own := newDetections(p)
		for _, scope := range group.ScopeLogs().All() {
			for _, rec := range scope.LogRecords().All() {
				own.add(rec, p.worker.record(rec, scope.Scope(), group.Resource()))
			}
		}
		if own.empty() {
			continue
		}
		to := out.ResourceLogs().AppendEmpty()
		group.Resource().CopyTo(to.Resource())
		to.SetSchemaUrl(group.SchemaUrl())
		own.moveTo(to)
	}
	return out
}

// goesOn writes on a record what was found in it, and tells whether it goes on.
func (p pass) goesOn(rec plog.LogRecord, found []*engine.Detection) bool {
	if len(found) == 0 || !p.cfg.annotates() {
		return p.cfg.PassThrough
	}
	otelmap.Annotate(rec, found)
	return true
}

// detections are the records of the detections on one resource.
type detections struct {
	pass  pass
	scope plog.ScopeLogs
	made  bool
}

func newDetections(p pass) *detections { return &detections{pass: p} }

// add makes records of what was found in rec, of which they keep the trace.
func (d *detections) add(rec plog.LogRecord, found []*engine.Detection) {
	if len(found) == 0 || !d.pass.cfg.detects() {
		return
	}
	if !d.made {
		d.scope, d.made = plog.NewScopeLogs(), true
		d.pass.origin.SetScope(d.scope)
	}
	for _, det := range found {
		own := d.scope.LogRecords().AppendEmpty()
		otelmap.SetRecord(own, det, d.pass.origin, d.pass.now)
		own.SetTraceID(rec.TraceID())
		own.SetSpanID(rec.SpanID())
		own.SetFlags(rec.Flags())
	}
}

func (d *detections) empty() bool { return !d.made }

// moveTo puts the records, if there are any, on a resource.
func (d *detections) moveTo(group plog.ResourceLogs) {
	if d.made {
		d.scope.MoveTo(group.ScopeLogs().AppendEmpty())
	}
}
