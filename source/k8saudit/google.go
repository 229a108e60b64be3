package k8saudit

import (
	"strconv"
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/jsondoc"
)

// googleMembers are what an entry of Google's audit log has in another place,
// and the resource, which rules for its clusters ask for.
var googleMembers = []struct {
	name string
	at   jsondoc.Pointer
}{
	{"auditID", jsondoc.MustPointer("/operation/id")},
	{"stageTimestamp", jsondoc.MustPointer("/timestamp")},
	{"userAgent", jsondoc.MustPointer("/protoPayload/requestMetadata/callerSuppliedUserAgent")},
	{"requestObject", jsondoc.MustPointer("/protoPayload/request")},
	{"responseObject", jsondoc.MustPointer("/protoPayload/response")},
	{"resource", jsondoc.MustPointer("/resource")},
}

// appendGoogle appends an entry of Google's audit log as the audit event that it
// was made of. What the entry does not have is the query of the request's URI.
func appendGoogle(b []byte, entry jsondoc.Node, s *event.Scratch) []byte {
	payload := entry.Get("protoPayload")
	method := payload.Get("methodName").Text(s)
	verb := method[strings.LastIndexByte(method, '.')+1:]
	b = append(b, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":`...)
	b = jsondoc.AppendQuoted(b, stage(entry.Get("operation")))
	b = jsondoc.AppendQuoted(append(b, `,"verb":`...), verb)
	for _, m := range googleMembers {
		if n := m.at.Find(entry); n.Exists() {
			b = append(append(append(append(b, `,"`...), m.name...), `":`...), n.Raw()...)
		}
	}
	b = append(b, `,"user":{"username":`...)
	b = jsondoc.AppendQuoted(b, payload.Path("authenticationInfo", "principalEmail").Text(s))
	b = append(b, '}')
	if ip := payload.Path("requestMetadata", "callerIp"); ip.Exists() {
		b = append(append(append(b, `,"sourceIPs":[`...), ip.Raw()...), ']')
	}
	b = appendReference(b, payload.Get("resourceName").Text(s))
	b = append(b, `,"responseStatus":{"code":`...)
	b = strconv.AppendInt(b, httpStatus(payload, verb), 10)
	b = append(b, `},"annotations":{`...)
	b = appendAnnotations(b, entry)
	return append(b, "}}"...)
}

// stage is that of a request whose entry is the first of several: a session that
// begins.
func stage(operation jsondoc.Node) string {
	if operation.Get("first").Kind() == jsondoc.True && operation.Get("last").Kind() != jsondoc.True {
		return "ResponseStarted"
	}
	return "ResponseComplete"
}

// appendReference appends the object that a resource name stands for, and the
// URI that led to it: core/v1/namespaces/shop/pods/box/exec.
func appendReference(b []byte, name string) []byte {
	group, rest, _ := strings.Cut(name, "/")
	version, path, _ := strings.Cut(rest, "/")
	root := "/apis/" + group
	if group == "core" {
		group, root = "", "/api"
	}
	b = jsondoc.AppendQuoted(append(b, `,"requestURI":`...), root+"/"+rest)
	b = append(b, `,"objectRef":{"apiVersion":`...)
	b = jsondoc.AppendQuoted(b, version)
	parts := strings.Split(path, "/")
	if parts[0] == "namespaces" && len(parts) > 2 {
		b = appendNonEmpty(b, "namespace", parts[1])
		parts = parts[2:]
	}
	b = appendNonEmpty(b, "apiGroup", group)
	for i, key := range []string{"resource", "name", "subresource"} {
		if i < len(parts) {
			b = appendNonEmpty(b, key, parts[i])
		}
	}
	return append(b, '}')
}

func appendNonEmpty(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	return jsondoc.AppendQuoted(b, text)
}

// appendAnnotations appends the entry's labels, which are the annotations of the
// audit event, and the name of the cluster.
func appendAnnotations(b []byte, entry jsondoc.Node) []byte {
	separator := ""
	for name, value := range entry.Get("labels").Members() {
		b = append(append(append(append(b, separator...), name.Raw()...), ':'), value.Raw()...)
		separator = ","
	}
	if cluster := entry.Path("resource", "labels", "cluster_name"); cluster.Exists() {
		b = append(append(append(b, separator...), `"cluster_name":`...), cluster.Raw()...)
	}
	return b
}

// httpStatuses are what the codes of Google's interfaces mean on the web.
var httpStatuses = map[string]int64{
	"1": 499, "3": 400, "4": 504, "5": 404, "6": 409, "7": 403, "8": 429, "9": 400, "10": 409, "11": 400, "12": 501,
	"13": 500, "14": 503, "15": 500, "16": 401,
}

// httpStatus is the response's status: that of a Status in the response, else
// what the entry's code means.
func httpStatus(payload jsondoc.Node, verb string) int64 {
	if code, err := strconv.ParseInt(payload.Path("response", "code").Raw(), 10, 64); err == nil {
		return code
	}
	if status, ok := httpStatuses[payload.Path("status", "code").Raw()]; ok {
		return status
	}
	if verb == "create" {
		return 201
	}
	return 200
}
