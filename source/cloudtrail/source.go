// Package cloudtrail is the source of AWS CloudTrail's records.
package cloudtrail

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "aws_cloudtrail"

// Source is the source.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name: SourceName, Plugin: "cloudtrail",
	Match: match,
	Lists: []string{"Records"},
	Time:  document.TimeAt("eventTime"),
	Info:  describe,
	Fields: [][]field.Definition{
		eventFields, userFields, requestFields, responseFields, addendumFields, tlsFields, s3Fields, serviceFields,
	},
})

// match takes records and the files of CloudTrail, which are lists of them.
func match(doc jsondoc.Node) bool {
	if list := doc.Get("Records"); list.Kind() == jsondoc.Array {
		doc = list.Item(0)
	}
	return doc.Get("eventSource").Exists() && doc.Get("eventName").Exists() && doc.Get("eventTime").Exists()
}
