package otelmap

import (
	"net/url"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/lannersec/lanner/engine/event"
)

// logAttributes is the table for events that are log records: audits of
// Kubernetes and of clouds. All stand on the record, for the resource is that of
// whoever wrote the log, not of what the log speaks about.
var logAttributes = []attribute{
	{key: keyType, field: fieldKubeVerb},
	{key: keyType, field: "ct.name"},
	{key: keyType, field: "okta.evt.type"},
	{key: keyType, field: "github.type"},
	{key: keyType, field: "gcp.methodName"},

	{key: string(semconv.UserNameKey), field: "ka.user.name"},
	{key: string(semconv.UserNameKey), field: "ct.user"},
	{key: string(semconv.UserNameKey), field: "okta.actor.alternateid"},
	{key: string(semconv.UserNameKey), field: "github.user"},
	{key: string(semconv.UserNameKey), field: "gcp.user"},
	{key: string(semconv.UserIDKey), field: "jevt.value[/user/uid]", only: isKubernetes},
	{key: string(semconv.UserIDKey), field: "ct.user.principalid"},
	{key: string(semconv.UserIDKey), field: "okta.actor.id"},
	{key: string(semconv.UserFullNameKey), field: "okta.actor.name"},
	{key: string(semconv.UserRolesKey), field: "ka.user.groups"},
	{key: "lanner.user.impersonated.name", field: "ka.impuser.name"},

	{key: string(semconv.SourceAddressKey), field: "ka.sourceips", put: putFirst},
	{key: string(semconv.SourceAddressKey), field: "ct.srcip"},
	{key: string(semconv.SourceAddressKey), field: "okta.client.ip"},
	{key: string(semconv.SourceAddressKey), field: "gcp.callerIP"},
	{key: string(semconv.UserAgentOriginalKey), field: "ka.useragent"},
	{key: string(semconv.UserAgentOriginalKey), field: "ct.useragent"},
	{key: string(semconv.UserAgentOriginalKey), field: "okta.useragent.raw"},
	{key: string(semconv.UserAgentOriginalKey), field: "gcp.userAgent"},
	{key: string(semconv.URLPathKey), field: "ka.uri", put: putURLPath},
	{key: string(semconv.URLPathKey), field: "okta.requesturi", put: putURLPath},
	{key: string(semconv.HTTPResponseStatusCodeKey), field: "ka.response.code", put: putNumber},
	{key: string(semconv.ErrorTypeKey), field: "ct.error"},

	{key: string(semconv.K8SClusterNameKey), field: "ka.cluster.name"},
	{key: string(semconv.K8SNamespaceNameKey), field: "ka.target.namespace"},
	{key: string(semconv.K8SPodNameKey), field: fieldKubeObject, only: isKind("pods")},
	{key: string(semconv.K8SPodNameKey), field: "ka.target.pod.name"},
	{key: string(semconv.K8SPodUIDKey), field: "jevt.value[/objectRef/uid]", only: isKind("pods")},
	{key: string(semconv.K8SNodeNameKey), field: fieldKubeObject, only: isKind("nodes")},
	{key: string(semconv.K8SDeploymentNameKey), field: fieldKubeObject, only: isKind("deployments")},
	{key: string(semconv.K8SDaemonSetNameKey), field: fieldKubeObject, only: isKind("daemonsets")},
	{key: string(semconv.K8SStatefulSetNameKey), field: fieldKubeObject, only: isKind("statefulsets")},
	{key: string(semconv.K8SReplicaSetNameKey), field: fieldKubeObject, only: isKind("replicasets")},
	{key: string(semconv.K8SJobNameKey), field: fieldKubeObject, only: isKind("jobs")},
	{key: string(semconv.K8SCronJobNameKey), field: fieldKubeObject, only: isKind("cronjobs")},
	{key: "lanner.k8s.audit.id", field: "ka.auditid"},
	{key: "lanner.k8s.audit.stage", field: "ka.stage"},
	{key: "lanner.k8s.object.resource", field: fieldKubeResource},
	{key: "lanner.k8s.object.subresource", field: "ka.target.subresource"},
	{key: "lanner.k8s.object.name", field: fieldKubeObject},

	{key: string(semconv.CloudAccountIDKey), field: "ct.recipientaccountid"},
	{key: string(semconv.CloudAccountIDKey), field: "gcp.projectId"},
	{key: string(semconv.CloudRegionKey), field: "ct.region"},
	{key: string(semconv.CloudRegionKey), field: "gcp.location"},
	{key: "lanner.cloud.service", field: "ct.src"},
	{key: "lanner.cloud.service", field: "gcp.serviceName"},
	{key: "lanner.cloud.resource", field: "gcp.resourceName"},
	{key: "lanner.github.repository", field: "github.repo.name"},
}

// Fields that rows and conditions name in more than one place.
const (
	fieldKubeVerb     = "ka.verb"
	fieldKubeResource = "ka.target.resource"
	fieldKubeObject   = "ka.target.name"
)

// isKubernetes tells an API server's audit event from other documents, which may
// have a value at the same place.
func isKubernetes(f fields) bool { return f[fieldKubeVerb].Exists() }

// isKind tells whether the object of an audit event is of a resource.
func isKind(resource string) func(fields) bool {
	return func(f fields) bool { return f.text(fieldKubeResource) == resource }
}

// putFirst takes the first of a list: of addresses that is the client's.
func putFirst(dst pcommon.Map, key string, v event.Value, _ fields) {
	if list := v.List(); len(list) > 0 {
		setValue(dst.PutEmpty(key), list[0])
	}
}

// putURLPath leaves the query out: there, requests have what may be secret, such
// as the arguments of a command.
func putURLPath(dst pcommon.Map, key string, v event.Value, _ fields) {
	path, _, _ := strings.Cut(v.Str(), "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	dst.PutStr(key, valid(path))
}

// putNumber writes a number that the field has as text.
func putNumber(dst pcommon.Map, key string, v event.Value, _ fields) {
	if n, err := strconv.ParseInt(v.Str(), 10, 64); err == nil {
		dst.PutInt(key, n)
	}
}
