package otelmap

import (
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
)

// Attributes of a record that tells of detections in itself.
const (
	keyMatches  = "lanner.rule.matches"
	keyOutput   = "lanner.rule.output"
	keyPriority = "lanner.rule.priority"
)

// SetRecord makes rec, which is new, the record of a detection, for who groups
// records himself: fields of the resource are left out.
func SetRecord(rec plog.LogRecord, det *engine.Detection, origin Origin, observed time.Time) {
	setRecord(rec, det, fieldsOf(det), origin, observed)
}

// Annotate writes on the record that an event was read from what was detected in
// it: the rules' names, and all of the most urgent detection, the first of those.
// What else the record says stays as it is.
func Annotate(rec plog.LogRecord, dets []*engine.Detection) {
	first := slices.MinFunc(dets, func(a, b *engine.Detection) int { return int(a.Rule.Priority) - int(b.Rule.Priority) })
	said := pcommon.NewMap()
	setRule(said, first.Rule)
	said.PutStr(keyPriority, first.Rule.Priority.String())
	said.PutStr(keyOutput, valid(first.Output))
	putStrings(said, keyMatches, names(dets))
	setDetection(said, first, fieldsOf(first))
	attrs := rec.Attributes()
	attrs.EnsureCapacity(attrs.Len() + said.Len())
	for key, v := range said.All() {
		if _, has := attrs.Get(key); !has {
			v.MoveTo(attrs.PutEmpty(key))
		}
	}
}

// names are the rules of detections, each once, in their order.
func names(dets []*engine.Detection) []string {
	var list []string
	for _, det := range dets {
		if !slices.Contains(list, det.Rule.Name) {
			list = append(list, det.Rule.Name)
		}
	}
	return list
}
