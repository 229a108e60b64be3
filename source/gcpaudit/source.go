// Package gcpaudit is the source of Google Cloud's audit log entries.
package gcpaudit

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/jsondoc"
)

// SourceName is the source's name, as rules write it.
const SourceName = "gcp_auditlog"

// Source is the source.
func Source() document.Source { return theSource }

var theSource = document.New(document.Spec{
	Name: SourceName, Plugin: "gcpaudit",
	Match:  func(doc jsondoc.Node) bool { return doc.Path("protoPayload", "methodName").Exists() },
	Lists:  []string{"entries"},
	Time:   document.TimeAt("timestamp"),
	Fields: [][]field.Definition{callFields, resourceFields},
})

// callFields are who called what.
var callFields = []field.Definition{
	document.Row("gcp.user", "/protoPayload/authenticationInfo/principalEmail", "E-mail address of who called."),
	document.Row("gcp.callerIP", "/protoPayload/requestMetadata/callerIp", "Address of who called."),
	document.Row("gcp.userAgent", "/protoPayload/requestMetadata/callerSuppliedUserAgent", "User agent, as the caller tells it."),
	document.Row("gcp.authorizationInfo", "/protoPayload/authorizationInfo", "Permissions that were checked, as JSON."),
	document.Row("gcp.serviceName", "/protoPayload/serviceName", "Service that was called, such as storage.googleapis.com."),
	document.Row("gcp.methodName", "/protoPayload/methodName", "Method that was called, such as storage.buckets.delete."),
	document.Row("gcp.request", "/protoPayload/request", "The request, as JSON."),
	{Name: "gcp.policyDelta", Type: field.Charbuf, Desc: "What the call changed in a policy, as JSON.",
		Get: document.FirstOf("/protoPayload/serviceData/policyDelta/bindingDeltas", "/protoPayload/metadata/datasetChange/bindingDeltas")},
	document.Row("gcp.time", "/timestamp", "Time of the call, as the entry writes it."),
}

// resourceFields are what was called.
var resourceFields = []field.Definition{
	document.Row("gcp.resourceName", "/protoPayload/resourceName", "Resource that the call is about."),
	document.Row("gcp.resourceType", "/resource/type", "Type of the resource, such as gcs_bucket."),
	document.Row("gcp.resourceLabels", "/resource/labels", "Labels of the resource, as JSON."),
	document.Row("gcp.projectId", "/resource/labels/project_id", "Project of the resource."),
	{Name: "gcp.location", Type: field.Charbuf, Desc: "Region of the resource.", Get: document.Field(location)},
	label("gcp.cloudfunctions.function", "function_name", "Name of the function."),
	label("gcp.cloudsql.databaseId", "database_id", "Id of the database."),
	label("gcp.compute.instanceId", "instance_id", "Id of the instance."),
	label("gcp.compute.networkId", "network_id", "Id of the network."),
	label("gcp.compute.subnetwork", "subnetwork_name", "Name of the subnetwork."),
	label("gcp.compute.subnetworkId", "subnetwork_id", "Id of the subnetwork."),
	label("gcp.dns.zone", "zone_name", "DNS zone."),
	label("gcp.iam.serviceAccount", "email_id", "E-mail address of the service account."),
	label("gcp.iam.serviceAccountId", "unique_id", "Id of the service account."),
	label("gcp.storage.bucket", "bucket_name", "Name of the bucket."),
	{Name: "gcp.logging.sink", Type: field.Charbuf, Desc: "Name of the sink of logs.", Get: document.Field(sink)},
}

// label is a field that is a label of the resource.
func label(name, key, desc string) field.Definition {
	return document.Row(name, "/resource/labels/"+key, desc)
}

// location is the region of a resource; that of a zone is its name up to the
// last dash.
func location(e *document.Event) event.Value {
	labels, s := e.Root.Path("resource", "labels"), &e.Head.Scratch
	for _, name := range []string{"location", "region"} {
		if n := labels.Get(name); n.Exists() {
			return n.Value(s)
		}
	}
	zone := labels.Get("zone")
	if !zone.Exists() {
		return event.Value{}
	}
	text := zone.Text(s)
	if i := strings.LastIndexByte(text, '-'); i > 0 && i == len(text)-2 {
		text = text[:i]
	}
	return event.Text(text)
}

func sink(e *document.Event) event.Value {
	if !e.Root.Path("resource", "type").Equal("logging_sink") {
		return event.Value{}
	}
	return e.Root.Path("resource", "labels", "name").Value(&e.Head.Scratch)
}
