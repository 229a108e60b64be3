// Package k8saudit is the source of Kubernetes audit events: what an API server
// writes to its audit log or sends to its audit webhook.
package k8saudit

import (
	"slices"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "k8s_audit"

type source struct{ fields *field.Registry }

// Source is the source: its fields, and how its documents are recognised.
func Source() document.Source { return theSource }

var theSource = &source{field.NewRegistry(slices.Concat(document.Tables(document.WholeText), [][]field.Definition{
	requestFields, targetFields, responseFields, bindingFields, roleFields, serviceFields,
	podFields, volumeFields, firstContainerFields, containerFields(),
})...)}

func (*source) Name() string              { return SourceName }
func (s *source) Fields() *field.Registry { return s.fields }
func (*source) Types() *event.Types       { return nil }
func (*source) Plugin() string            { return "k8saudit" }

// Match takes an audit event, an EventList, and an array with one of them.
func (s *source) Match(doc jsondoc.Node) bool {
	for item := range doc.Items() {
		if s.Match(item) {
			return true
		}
	}
	kind := doc.Get("kind")
	return kind.Equal("EventList") || kind.Equal("Event") && isAudit(doc)
}

// isAudit tells audit events from the Events that kubectl get events shows.
func isAudit(doc jsondoc.Node) bool {
	return doc.Get("stageTimestamp").Exists() || doc.Get("auditID").Exists()
}

func (*source) Events(doc jsondoc.Node) jsondoc.Node {
	if doc.Kind() == jsondoc.Array {
		return doc
	}
	if doc.Get("kind").Equal("EventList") {
		return doc.Get("items")
	}
	return jsondoc.Node{}
}

func (*source) Time(ev jsondoc.Node) (uint64, error) { return ev.Get("stageTimestamp").Time() }
