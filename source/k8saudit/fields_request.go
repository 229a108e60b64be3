package k8saudit

import (
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/document"
)

// row is a field that is the text at a JSON pointer.
func row(name, pointer, desc string) field.Definition {
	return field.Definition{Name: name, Type: field.Charbuf, Desc: desc, Get: document.At(pointer)}
}

// requestFields are who asked for what.
var requestFields = []field.Definition{
	row("ka.auditid", "/auditID", "Id of the request; its stages share it."),
	row("ka.stage", "/stage", "Stage of the request: RequestReceived, ResponseStarted, ResponseComplete or Panic."),
	row("ka.verb", "/verb", "Verb of the request, such as create."),
	row("ka.user.name", "/user/username", "Name of the user who asked."),
	{Name: "ka.user.groups", Type: field.Charbuf, List: true, Desc: "Groups of the user.", Get: document.All("/user/groups/*")},
	row("ka.impuser.name", "/impersonatedUser/username", "Name of the user whom the request impersonates."),
	row("ka.useragent", "/userAgent", "User agent, as the client tells it."),
	{Name: "ka.sourceips", Type: field.Charbuf, List: true, Arg: field.ArgOptional | field.ArgIndex,
		Desc: "Addresses that the request came from, those of proxies included.",
		Get:  document.All("/sourceIPs/*"), Bind: document.ItemOf("/sourceIPs/*", document.Text)},
	row("ka.uri", "/requestURI", "URI of the request, as the client sent it."),
	{Name: "ka.uri.param", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgKey, Bind: bindParam,
		Desc: "Value of a parameter of the request's URI, such as ka.uri.param[command]."},
	row("ka.auth.decision", "/annotations/authorization.k8s.io~1decision", "What authorisation decided: allow or forbid."),
	row("ka.auth.reason", "/annotations/authorization.k8s.io~1reason", "Why authorisation decided so."),
	row("ka.auth.openshift.decision", "/annotations/authentication.openshift.io~1decision", "What OpenShift's authentication decided."),
	row("ka.auth.openshift.username", "/annotations/authentication.openshift.io~1username", "User name that OpenShift's authentication saw."),
	row("ka.validations.admission.policy.failure", "/annotations/validation.policy.admission.k8s.io~1validation_failure",
		"What a validating admission policy found."),
	row("ka.security.pod.violations", "/annotations/pod-security.kubernetes.io~1audit-violations", "What the Pod Security admission found."),
	row("ka.cluster.name", "/annotations/cluster_name", "Name of the cluster, where something annotates it."),
}

// targetFields are what the request is about.
var targetFields = []field.Definition{
	row("ka.target.name", "/objectRef/name", "Name of the object."),
	row("ka.target.namespace", "/objectRef/namespace", "Namespace of the object."),
	row("ka.target.resource", "/objectRef/resource", "Resource of the object, such as pods."),
	row("ka.target.subresource", "/objectRef/subresource", "Subresource of the object, such as exec."),
	{Name: "ka.target.pod.name", Type: field.Charbuf, Desc: "Name of the pod that the response shows, for requests about pods.",
		Get: document.Field(podName)},
}

// responseFields are what came of it.
var responseFields = []field.Definition{
	row("ka.resp.name", "/responseObject/metadata/name", "Name of the object in the response."),
	row("ka.response.code", "/responseStatus/code", "HTTP status of the response."),
	row("ka.response.reason", "/responseStatus/reason", "Reason of the response's status, such as NotFound."),
}
