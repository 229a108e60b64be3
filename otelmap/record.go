package otelmap

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
)

// EventName is the event name of a detection's record.
const EventName = "lanner.rule.match"

// Attributes that say things of the detection itself, not of a field.
const (
	keyTags        = "lanner.rule.tags"
	keySource      = "lanner.event.source"
	keyType        = "lanner.event.type"
	keyFieldPrefix = "lanner.field."
)

// setRecord fills rec from a detection whose fields are all.
func setRecord(rec plog.LogRecord, det *engine.Detection, all fields, origin Origin, observed time.Time) {
	rec.SetEventName(EventName)
	rec.SetTimestamp(pcommon.Timestamp(det.Time))
	rec.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	rec.SetSeverityNumber(severity(det.Rule.Priority))
	rec.SetSeverityText(det.Rule.Priority.String())
	rec.Body().SetStr(valid(det.Output))

	attrs := rec.Attributes()
	setRule(attrs, det.Rule)
	setDetection(attrs, det, all)
	setTrace(rec, all.text(fieldTrace))
	setUID(rec, origin, det.Rule.Name, det.Num)
}

// setDetection writes what a detection says besides its rule.
func setDetection(dst pcommon.Map, det *engine.Detection, all fields) {
	dst.PutStr(keySource, det.Source)
	if det.Type != "" {
		dst.PutStr(keyType, det.Type)
	}
	setAttributes(dst, onRecord, all)
	setOutputFields(dst, det)
}

func setRule(dst pcommon.Map, rule *rules.Rule) {
	dst.PutStr(string(semconv.SecurityRuleNameKey), valid(rule.Name))
	if desc := strings.TrimSpace(rule.Desc); desc != "" {
		dst.PutStr(string(semconv.SecurityRuleDescriptionKey), valid(desc))
	}
	if rule.File != "" {
		dst.PutStr(string(semconv.SecurityRuleRulesetNameKey), valid(rule.File))
	}
	putStrings(dst, keyTags, rule.Tags)
	putThreat(dst, rule.Tags)
}

// setAttributes writes the rows of one place.
func setAttributes(dst pcommon.Map, on place, all fields) {
	setRows(dst, attributes, on, all)
	setRows(dst, logAttributes, on, all)
}

func setRows(dst pcommon.Map, table []attribute, on place, all fields) {
	for i := range table {
		row := &table[i]
		v, has := all[row.field]
		if row.on != on || !has || !known(v) || row.only != nil && !row.only(all) {
			continue
		}
		if _, set := dst.Get(row.key); set {
			continue
		}
		if row.put != nil {
			row.put(dst, row.key, v, all)
			continue
		}
		setValue(dst.PutEmpty(row.key), v)
	}
}

// setOutputFields writes what the rule's output prints, each with its own name
// and type, so that nothing is lost to a reader of Falco's output fields.
func setOutputFields(dst pcommon.Map, det *engine.Detection) {
	for _, printed := range det.Rule.Output.Fields() {
		name := printed.Name
		if v := det.Field(name); v.Exists() {
			setValue(dst.PutEmpty(keyFieldPrefix+name), v)
		}
	}
}

func fieldsOf(det *engine.Detection) fields {
	all := make(fields, len(det.Fields))
	for _, f := range det.Fields {
		all[f.Name] = f.Value
	}
	return all
}
