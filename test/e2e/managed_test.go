package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
	"gopkg.in/yaml.v3"
)

// managed is a shipped configuration for a managed cluster that exports to a
// backend of the test, without TLS and without files on this machine.
func managed(t *testing.T, name, backend, listen string) string {
	t.Helper()
	text, err := os.ReadFile("../../config/managed/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	delete(config, "extensions")
	config["exporters"] = map[string]any{"otlp_grpc": map[string]any{"endpoint": backend, "tls": map[string]any{"insecure": true}}}
	service := config["service"].(map[string]any)
	delete(service, "extensions")
	service["telemetry"] = map[string]any{"metrics": map[string]any{"level": "none"}}
	t.Setenv("OTLP_LISTEN", listen)
	if text, err = yaml.Marshal(config); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// gkeExec is what Cloud Audit Logs say of kubectl exec.
const gkeExec = `{"insertId":"i-1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-11-20T10:00:00.25Z",
"labels":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""},
"resource":{"type":"k8s_cluster","labels":{"cluster_name":"prod","location":"europe-west1","project_id":"p"}},
"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.exec.create",
"resourceName":"core/v1/namespaces/shop/pods/web-0/exec","authenticationInfo":{"principalEmail":"ann@example.com"},
"requestMetadata":{"callerIp":"192.0.2.7","callerSuppliedUserAgent":"kubectl/v1.36.0"},"status":{"code":0}}}`

// TestManagedClusters: what the clouds send becomes detections, with the shipped
// configurations.
func TestManagedClusters(t *testing.T) {
	event := strings.Split(readFile(t, "../../testdata/audit/k8s.jsonl"), "\n")[0]
	azure, err := json.Marshal(map[string]any{"records": []any{
		map[string]any{"category": "kube-audit", "properties": map[string]any{"log": event + "\n", "stream": "stdout"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ body, user string }{
		"eks.yaml": {event, "ann"}, "aks.yaml": {string(azure), "ann"}, "gke.yaml": {gkeExec, "ann@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			sink, backend := newSink(t)
			listen := freeAddress(t)
			start(t, managed(t, name, backend, listen))
			logs := plog.NewLogs()
			logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(test.body)
			export(t, listen, logs)
			rec := sink.find(t, func(r record) bool { return r.EventName() == "lanner.rule.match" })
			for key, want := range map[string]string{
				"user.name": test.user, "k8s.pod.name": "web-0", "k8s.namespace.name": "shop",
				"source.address": "192.0.2.7", "lanner.k8s.object.subresource": "exec",
			} {
				if got := rec.text(key); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
		})
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
