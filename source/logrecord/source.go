// Package logrecord is the source of OpenTelemetry log records of any kind. Who
// reads records writes each as a JSON document of this form:
//
//	{"body": …, "attributes": {…}, "resource": {…}, "severity_text": "…",
//	 "severity_number": 9, "event_name": "…", "scope": "…", "trace_id": "…", "span_id": "…"}
package logrecord

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "otel_log"

// Source is the source. The time of a record is that of its document's Origin.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name:   SourceName,
	Match:  func(doc jsondoc.Node) bool { return doc.Kind() == jsondoc.Object },
	Fields: [][]field.Definition{recordFields},
})

var recordFields = []field.Definition{
	{Name: "log.body", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgKey, Get: document.At("/body"), Bind: bindBody,
		Desc: "Body of the record; with a JSON pointer, such as log.body[/user/name], the value there, also where the body is a text with JSON."},
	{Name: "log.attribute", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindMember("attributes"),
		Desc: "An attribute of the record, such as log.attribute[http.route]."},
	{Name: "log.resource", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindMember("resource"),
		Desc: "An attribute of the record's resource, such as log.resource[service.name]."},
	document.Row("log.severity", "/severity_text", "Severity, as the record's producer calls it."),
	{Name: "log.severity.number", Type: field.Uint64, Desc: "Severity, from 1 (TRACE) to 24 (FATAL4).", Get: document.Field(severity)},
	document.Row("log.event", "/event_name", "Name of the event that the record is of."),
	document.Row("log.scope", "/scope", "Name of the scope that made the record."),
	document.Row("log.trace_id", "/trace_id", "Id of the trace that the record belongs to."),
	document.Row("log.span_id", "/span_id", "Id of the span that the record belongs to."),
}

func bindBody(arg string) (field.Getter, error) {
	p, err := jsondoc.ParsePointer(arg)
	if err != nil {
		return nil, err
	}
	return document.Field(func(e *document.Event) event.Value {
		body := e.Root.Get("body")
		if body.Kind() == jsondoc.String {
			body = e.Inner(body)
		}
		return p.Find(body).Value(&e.Head.Scratch)
	}), nil
}

func bindMember(name string) func(string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		return document.Field(func(e *document.Event) event.Value {
			return e.Root.Path(name, arg).Value(&e.Head.Scratch)
		}), nil
	}
}

func severity(e *document.Event) event.Value {
	n, err := strconv.ParseUint(e.Root.Get("severity_number").Raw(), 10, 8)
	if err != nil || n == 0 {
		return event.Value{}
	}
	return event.Uint(n)
}
