// Package k8saudit is the source of Kubernetes audit events: what an API server
// writes to its audit log or sends to its audit webhook.
package k8saudit

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "k8s_audit"

// Source is the source.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name: SourceName, Plugin: "k8saudit",
	Match:   match,
	Lists:   []string{"items", "records", "logEvents"},
	Rewrite: rewrite,
	Time:    document.TimeAt("stageTimestamp"),
	Fields: [][]field.Definition{
		requestFields, targetFields, responseFields, bindingFields, roleFields, serviceFields,
		podFields, volumeFields, firstContainerFields, containerFields(),
	},
})

// match takes audit events and lists of them, also as clouds wrap them, not the
// Events that kubectl get events shows.
func match(doc jsondoc.Node) bool {
	kind := doc.Get("kind")
	return kind.Equal("EventList") ||
		kind.Equal("Event") && (doc.Get("stageTimestamp").Exists() || doc.Get("auditID").Exists()) ||
		!kind.Exists() && isWrapped(doc)
}
