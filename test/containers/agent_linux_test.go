package containers

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver"
)

// markRules fire for what the tests run: for the first only outputs need the
// container, for the others conditions too.
const markRules = `
- rule: Mark
  desc: A program that a test ran.
  condition: evt.type = execve and proc.name in (sh, true, sleep) and proc.args contains lanner-mark
  output: >
    mark args=%proc.args ns=%k8s.ns.name pod=%k8s.pod.name uid=%k8s.pod.uid sandbox=%k8s.pod.sandbox_id app=%k8s.pod.label[app]
    container=%container.name id=%container.full_id type=%container.type team=%container.label[team]
    image=%container.image.repository tag=%container.image.tag privileged=%container.privileged
    mounts=%container.mounts user=%user.name group=%group.name start=%container.start_ts
    health=%proc.is_container_healthcheck live=%proc.is_container_liveness_probe ready=%proc.is_container_readiness_probe
    parent=%proc.pname ancestors=%proc.aname vpid=%proc.vpid
  priority: WARNING
- rule: Mark in the shop
  desc: A program in the test's namespace and image.
  condition: >
    evt.type = execve and proc.name in (sh, true, sleep) and proc.args contains lanner-mark
    and k8s.ns.name = shop and container.image.repository = docker.io/lanner/busybox
  output: mark of the shop args=%proc.args
  priority: WARNING
- rule: Mark elsewhere
  desc: A program of a container that is not of the test's namespace.
  condition: >
    evt.type = execve and proc.name in (sh, true, sleep) and proc.args contains lanner-mark
    and container.id != host and not k8s.ns.name = shop
  output: mark elsewhere args=%proc.args
  priority: WARNING
`

// agent is the receiver with what it emitted.
type agent struct {
	t        testing.TB
	mu       sync.Mutex
	records  []record
	shutdown func(context.Context) error
}

// record is a log record's attributes, with those of its resource.
type record struct {
	rule       string
	body       string
	attributes map[string]any
	resource   map[string]any
}

// startAgent starts the receiver with a configuration of containers, and waits
// until the runtime answers if there is to be one. It has the rules about marks
// unless others are named.
func startAgent(t testing.TB, containers map[string]any, runtimes int, rules ...string) *agent {
	t.Helper()
	if len(rules) == 0 {
		marks := filepath.Join(t.TempDir(), "rules.yaml")
		if err := os.WriteFile(marks, []byte(markRules), 0o600); err != nil {
			t.Fatal(err)
		}
		rules = []string{marks}
	}
	factory := runtimesecurityreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig()
	all := map[string]any{"discover": false}
	maps.Copy(all, containers)
	conf := confmap.NewFromStringMap(map[string]any{
		"rules":      map[string]any{"files": rules, "matching": "all"},
		"delivery":   map[string]any{"batch_delay": "10ms"},
		"containers": all,
	})
	if err := conf.Unmarshal(cfg); err != nil {
		t.Fatal(err)
	}
	if err := confmap.Validate(cfg); err != nil {
		t.Fatal(err)
	}
	a := &agent{t: t}
	next, err := consumer.NewLogs(a.take)
	if err != nil {
		t.Fatal(err)
	}
	set := receivertest.NewNopSettings(factory.Type())
	core, log := observer.New(zap.InfoLevel)
	set.Logger = zap.New(core)
	r, err := factory.CreateLogs(t.Context(), set, cfg, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	a.shutdown = r.Shutdown
	t.Cleanup(func() {
		a.stop()
		for _, entry := range log.All() {
			t.Log(entry.Message, entry.ContextMap())
		}
	})
	eventually(t, "the agent knows the runtimes", func() bool { return log.FilterMessage("A container runtime answers").Len() >= runtimes })
	return a
}

// stop ends the receiver; all that it detected has been delivered then.
func (a *agent) stop() {
	if err := a.shutdown(context.Background()); err != nil {
		a.t.Error(err)
	}
}

func (a *agent) take(_ context.Context, logs plog.Logs) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, group := range logs.ResourceLogs().All() {
		resource := group.Resource().Attributes().AsRaw()
		for _, scope := range group.ScopeLogs().All() {
			for _, rec := range scope.LogRecords().All() {
				attributes := rec.Attributes().AsRaw()
				rule, _ := attributes["security_rule.name"].(string)
				a.records = append(a.records, record{rule, rec.Body().Str(), attributes, resource})
			}
		}
	}
	return nil
}

// of are the records of a rule so far whose command lines hold a text.
func (a *agent) of(rule, mark string) []record {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []record
	for _, r := range a.records {
		if line, _ := r.attributes["process.command_line"].(string); r.rule == rule && contains(line, mark) {
			found = append(found, r)
		}
	}
	return found
}

// find waits for the first record of a rule whose command line holds a text.
func (a *agent) find(rule, mark string) record {
	a.t.Helper()
	var found []record
	eventually(a.t, "a record of "+rule+" about "+mark, func() bool {
		found = a.of(rule, mark)
		return len(found) > 0
	})
	return found[0]
}

// field is a field of the rule's output.
func (r record) field(name string) any { return r.attributes["lanner.field."+name] }

// expect compares fields and attributes.
func (r record) expect(t testing.TB, want map[string]any) {
	t.Helper()
	for key, value := range want {
		got := r.field(key)
		if got == nil {
			got = r.resource[key]
		}
		if got == nil {
			got = r.attributes[key]
		}
		if got != value {
			t.Errorf("%s is %v, want %v", key, got, value)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%v", r.body, r.resource)
	}
}

// patience is for tests that are not about time: how fast a runtime is on a
// loaded machine is not what they test.
func patience() map[string]any { return map[string]any{"wait": "10s", "timeout": "5s"} }

// sockets names a runtime's socket in the agent's configuration.
func sockets(kind, path string) map[string]any {
	config := patience()
	config["sockets"] = []any{map[string]any{"type": kind, "path": path}}
	return config
}
