// Package jsonlog is the source of JSON documents of any kind.
package jsonlog

import (
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "json"

// Source is the source. It takes all objects: it is for last.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name: SourceName, Plugin: "json",
	Match: func(doc jsondoc.Node) bool { return doc.Kind() == jsondoc.Object },
})
