// Package okta is the source of the events of Okta's System Log.
package okta

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "okta"

// source remembers failures of second factors, to count them.
type source struct {
	document.Source
	mfa *mfa
}

// Source makes the source. Readers of one Source share what it remembers.
func Source() document.Source {
	return &source{document.New(document.Spec{
		Name: SourceName, Plugin: "okta",
		Match: match, Time: document.TimeAt("published"),
		Fields: [][]field.Definition{eventFields, actorFields, clientFields, contextFields, targetFields, mfaFields},
	}), newMFA()}
}

func match(doc jsondoc.Node) bool {
	return doc.Get("eventType").Exists() && doc.Get("published").Exists() && doc.Path("actor", "id").Exists()
}

// Observe counts the event if it is a second factor's failure.
func (s *source) Observe(e *document.Event) {
	kind, user := failureOf(e)
	if kind == noFailure {
		return
	}
	s.mfa.add(key{kind, user}, e.Head.Time)
}
