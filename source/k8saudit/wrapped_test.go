package k8saudit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/k8saudit"
)

// TestWrappedEventsMatch: the same rules match, whatever the events come in.
func TestWrappedEventsMatch(t *testing.T) {
	plain := newPipeline(t)
	for _, line := range lines(t, "notable.jsonl") {
		plain.read(t, line)
	}
	for name, wrap := range map[string]func(quoted string) string{
		"azure": func(q string) string { return `{"category":"kube-audit","properties":{"log":` + q + `}}` },
		"azure batch": func(q string) string {
			return `{"records":[{"category":"kube-audit-admin","properties":{"log":` + q + `}}]}`
		},
		"amazon": func(q string) string { return `{"id":"1","timestamp":1,"message":` + q + `}` },
		"amazon batch": func(q string) string {
			return `{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","message":` + q + `}]}`
		},
	} {
		p := newPipeline(t)
		for _, line := range lines(t, "notable.jsonl") {
			quoted, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			p.read(t, wrap(string(quoted)))
		}
		if strings.Join(p.matches, ",") != strings.Join(plain.matches, ",") {
			t.Errorf("%s: %q, want %q", name, p.matches, plain.matches)
		}
	}
}

func TestWrappedThatIsNone(t *testing.T) {
	for text, refused := range map[string]int{
		`{"category":"kube-audit","properties":{"log":"no JSON"}}`:                         1,
		`{"id":"1","message":"{\"apiVersion\":\"audit.k8s.io/v1\"}"}`:                      1, // no time
		`{"records":[{"category":"kube-apiserver","properties":{"log":"I0304 started"}}]}`: 1, // no source's
	} {
		tally, err := document.NewReader(k8saudit.Source()).Read(text, document.Origin{}, func(*document.Event) {})
		if tally.Events != 0 || tally.Refused != refused || err == nil {
			t.Errorf("%s: %+v, %v", text, tally, err)
		}
	}
}

// googleEntry is an entry of Google's audit log, for a method and a resource.
func googleEntry(method, resource, more string) string {
	return `{"protoPayload":{"serviceName":"k8s.io","methodName":"` + method + `","resourceName":"` + resource + `",` +
		`"authenticationInfo":{"principalEmail":"ann@example.com"},"requestMetadata":{"callerIp":"192.0.2.9","callerSuppliedUserAgent":"kubectl"}` +
		more + `,"timestamp":"2026-03-04T05:06:07.5Z","labels":{"authorization.k8s.io/decision":"allow"},` +
		`"resource":{"type":"k8s_cluster","labels":{"cluster_name":"prod","project_id":"p"}}}`
}

func TestGoogleEntries(t *testing.T) {
	for _, tc := range []struct {
		entry string
		want  map[string]string // by JSON pointer's names
	}{
		{
			googleEntry("io.k8s.core.v1.pods.create", "core/v1/namespaces/shop/pods/box",
				`,"request":{"kind":"Pod","spec":{"hostPID":true}},"response":{"metadata":{"name":"box"}}},"operation":{"id":"a-1","first":true,"last":true}`),
			map[string]string{
				"auditID": "a-1", "verb": "create", "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/shop/pods/box",
				"user username": "ann@example.com", "userAgent": "kubectl", "objectRef namespace": "shop", "objectRef resource": "pods",
				"objectRef name": "box", "objectRef subresource": "", "objectRef apiGroup": "", "responseStatus code": "201",
				"requestObject spec hostPID": "true", "responseObject metadata name": "box",
				"annotations authorization.k8s.io/decision": "allow", "annotations cluster_name": "prod", "resource labels project_id": "p",
			},
		},
		{
			googleEntry("io.k8s.core.v1.pods.exec.create", "core/v1/namespaces/shop/pods/box/exec", `},"operation":{"id":"a-2","first":true}`),
			map[string]string{"stage": "ResponseStarted", "objectRef subresource": "exec", "objectRef name": "box"},
		},
		{
			googleEntry("io.k8s.authorization.rbac.v1.clusterroles.patch", "rbac.authorization.k8s.io/v1/clusterroles/view", `,"status":{"code":7}}`),
			map[string]string{
				"verb": "patch", "objectRef apiGroup": "rbac.authorization.k8s.io", "objectRef resource": "clusterroles", "objectRef name": "view",
				"objectRef namespace": "", "responseStatus code": "403", "requestURI": "/apis/rbac.authorization.k8s.io/v1/clusterroles/view",
			},
		},
		{
			googleEntry("io.k8s.core.v1.namespaces.delete", "core/v1/namespaces/shop", `,"response":{"code":404}}`),
			map[string]string{"objectRef resource": "namespaces", "objectRef name": "shop", "objectRef namespace": "", "responseStatus code": "404"},
		},
		{googleEntry("", "", `}`), map[string]string{"verb": "", "objectRef resource": ""}},
	} {
		tally, err := document.NewReader(k8saudit.Source()).Read(tc.entry, document.Origin{}, func(e *document.Event) {
			for path, want := range tc.want {
				if got := e.Root.Path(strings.Fields(path)...).Text(&e.Head.Scratch); got != want {
					t.Errorf("%s: %q, want %q", path, got, want)
				}
			}
		})
		if err != nil || tally.Events != 1 {
			t.Errorf("%s: %+v, %v", tc.entry, tally, err)
		}
	}
}
