// Package jsonlog is the source of JSON documents of any kind.
package jsonlog

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "json"

type source struct{ fields *field.Registry }

// Source is the source: its fields, and how its documents are recognised.
func Source() document.Source { return theSource }

var theSource = &source{field.NewRegistry(document.Tables(document.WholeText)...)}

func (*source) Name() string              { return SourceName }
func (s *source) Fields() *field.Registry { return s.fields }
func (*source) Types() *event.Types       { return nil }
func (*source) Plugin() string            { return "json" }

// Match takes all objects, and arrays of them: this source is for last.
func (*source) Match(doc jsondoc.Node) bool {
	return doc.Kind() == jsondoc.Object || doc.Item(0).Kind() == jsondoc.Object
}

func (*source) Events(doc jsondoc.Node) jsondoc.Node {
	if doc.Kind() == jsondoc.Array {
		return doc
	}
	return jsondoc.Node{}
}

// Time is not known of a document of any kind.
func (*source) Time(jsondoc.Node) (uint64, error) { return 0, nil }
