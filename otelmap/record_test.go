package otelmap

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/output"
	"github.com/lannersec/lanner/engine/rules"
)

// values are a detection's fields, as a test writes them.
type values map[string]event.Value

// printable is a source whose fields outputs can name; none has a value.
type printable struct{ fields *field.Registry }

func (printable) Name() string              { return "syscall" }
func (printable) Types() *event.Types       { return nil }
func (p printable) Fields() *field.Registry { return p.fields }

// format is a rule's output that prints fields.
func format(t testing.TB, names []string) *output.Format {
	t.Helper()
	var (
		defs []field.Definition
		text strings.Builder
	)
	text.WriteString("output")
	for _, name := range names {
		text.WriteString(" %" + name)
		base, _, hasArg := strings.Cut(name, "[")
		def := field.Definition{Name: base, Type: field.Charbuf, Get: func(*event.Event) event.Value { return event.Value{} }}
		if hasArg {
			def.Arg = field.ArgRequired | field.ArgIndex
			def.Bind = func(string) (field.Getter, error) { return def.Get, nil }
		}
		defs = append(defs, def)
	}
	f, problems := output.Compile(text.String(), compile.NewPlan(printable{field.NewRegistry(defs)}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

// detection makes a detection of a rule whose output prints the printed fields.
func detection(t testing.TB, fields values, printed ...string) *engine.Detection {
	t.Helper()
	rule := &rules.Rule{
		Name: "Sensitive file read", Desc: "Someone reads what they should not.", File: "rules.yaml",
		Priority: rules.Warning, Tags: []string{"host", "mitre_credential_access", "T1003.008"},
	}
	rule.Output = format(t, printed)
	det := &engine.Detection{
		Rule: rule, Time: 1_700_000_000_000_000_001, Num: 7, Source: "syscall", Type: "openat",
		Output: "cat reads /etc/shadow",
	}
	for name, v := range fields {
		det.Fields = append(det.Fields, engine.FieldValue{Name: name, Value: v})
	}
	return det
}

var observed = time.Unix(1_700_000_001, 0)

// mapped is the one record of one detection, with its resource.
func mapped(t *testing.T, det *engine.Detection) (plog.LogRecord, map[string]any) {
	t.Helper()
	b := NewBatch(Origin{Scope: "scope", Version: "1.2.3", Resource: map[string]string{"host.id": "abc"}})
	b.Add(det, observed)
	if b.Len() != 1 {
		t.Fatalf("the batch has %d records", b.Len())
	}
	group := b.Take().ResourceLogs().At(0)
	return group.ScopeLogs().At(0).LogRecords().At(0), group.Resource().Attributes().AsRaw()
}

func TestRecordSaysWhatTheDetectionIs(t *testing.T) {
	det := detection(t, nil)
	rec, resource := mapped(t, det)
	if rec.EventName() != "lanner.rule.match" || rec.Body().Str() != det.Output {
		t.Errorf("event name %q, body %q", rec.EventName(), rec.Body().Str())
	}
	if uint64(rec.Timestamp()) != det.Time || !rec.ObservedTimestamp().AsTime().Equal(observed) {
		t.Errorf("timestamp %d, observed %v", rec.Timestamp(), rec.ObservedTimestamp())
	}
	if rec.SeverityNumber() != 13 || rec.SeverityText() != "Warning" {
		t.Errorf("severity %d, %q", rec.SeverityNumber(), rec.SeverityText())
	}
	want := map[string]any{
		"log.record.uid":                   "01HF7YAT0006RG18Y3P63SEWFQ",
		"security_rule.name":               "Sensitive file read",
		"security_rule.description":        "Someone reads what they should not.",
		"security_rule.ruleset.name":       "rules.yaml",
		"lanner.rule.tags":                 []any{"host", "mitre_credential_access", "T1003.008"},
		"lanner.event.source":              "syscall",
		"lanner.event.type":                "openat",
		"threat.framework":                 "MITRE ATT&CK",
		"threat.tactic.name":               []any{"Credential Access"},
		"threat.tactic.id":                 []any{"TA0006"},
		"threat.technique.id":              []any{"T1003"},
		"threat.technique.subtechnique.id": []any{"T1003.008"},
	}
	if got := rec.Attributes().AsRaw(); !reflect.DeepEqual(got, want) {
		t.Errorf("attributes\n got %v\nwant %v", got, want)
	}
	if !reflect.DeepEqual(resource, map[string]any{"host.id": "abc"}) {
		t.Errorf("resource %v", resource)
	}
}

func TestSeverities(t *testing.T) {
	for priority, number := range map[rules.Priority]plog.SeverityNumber{
		rules.Emergency: 21, rules.Alert: 19, rules.Critical: 18, rules.Error: 17,
		rules.Warning: 13, rules.Notice: 10, rules.Informational: 9, rules.Debug: 5,
	} {
		if got := severity(priority); got != number {
			t.Errorf("%v: %d, want %d", priority, got, number)
		}
	}
}

func ip(a, b, c, d byte) event.Value { return event.IPBytes(string([]byte{a, b, c, d})) }

// TestAttributes maps groups of fields and compares all attributes that come
// from them.
func TestAttributes(t *testing.T) {
	common, _ := mapped(t, detection(t, nil))
	for name, test := range map[string]struct {
		fields   values
		record   map[string]any
		resource map[string]any
	}{
		"process": {
			fields: values{
				"proc.pid": event.Int(10), "proc.ppid": event.Int(9), "proc.vpid": event.Int(1), "proc.sid": event.Int(8), "proc.pgid": event.Int(7),
				"thread.tid": event.Int(11), "proc.exepath": event.Text("/usr/bin/cat"), "proc.cmdline": event.Text("cat /etc/shadow"),
				"lanner.argv": event.ListOf([]event.Value{event.Text("cat"), event.Text("/etc/shadow")}),
				"proc.cwd":    event.Text("/root/"), "proc.tty": event.Uint(34816), "proc.name": event.Text("cat"), "proc.pname": event.Text("bash"),
			},
			record: map[string]any{
				"process.pid": int64(10), "process.parent_pid": int64(9), "process.vpid": int64(1), "process.session_leader.pid": int64(8), "process.group_leader.pid": int64(7),
				"thread.id": int64(11), "process.executable.path": "/usr/bin/cat", "process.executable.name": "cat", "process.command_line": "cat /etc/shadow",
				"process.command_args": []any{"cat", "/etc/shadow"}, "process.working_directory": "/root", "process.interactive": true,
				"lanner.process.comm": "cat", "lanner.process.parent.comm": "bash",
			},
		},
		"daemon": {
			fields: values{"proc.tty": event.Uint(0), "proc.cwd": event.Text("/"), "user.loginuid": event.Int(-1), "user.loginname": event.Text("<NA>")},
			record: map[string]any{"process.interactive": false, "process.working_directory": "/"},
		},
		"user": {
			fields: values{"user.uid": event.Uint(1000), "user.name": event.Text("ann"), "user.loginuid": event.Int(1001), "user.loginname": event.Text("bob"), "group.gid": event.Uint(5)},
			record: map[string]any{"process.user.id": int64(1000), "process.user.name": "ann", "lanner.process.login_user.id": int64(1001), "lanner.process.login_user.name": "bob", "lanner.process.group.id": int64(5)},
		},
		"file": {
			fields: values{"fd.type": event.Text("file"), "fd.name": event.Text("/etc/shadow"), "fd.directory": event.Text("/etc"), "fd.filename": event.Text("shadow"), "fs.path.name": event.Text("/other")},
			record: map[string]any{"file.path": "/etc/shadow", "file.directory": "/etc", "file.name": "shadow"},
		},
		"path without descriptor": {
			fields: values{"fs.path.name": event.Text("/var/log/a.log"), "fs.path.source": event.Text("/s"), "fs.path.target": event.Text("/t")},
			record: map[string]any{"file.path": "/var/log/a.log", "file.directory": "/var/log", "file.name": "a.log", "lanner.file.source_path": "/s", "lanner.file.target_path": "/t"},
		},
		"connection": {
			fields: values{
				"fd.type": event.Text("ipv4"), "fd.name": event.Text("10.0.0.1:4000->10.0.0.2:443"), "fd.l4proto": event.Text("tcp"),
				"fd.cip": ip(10, 0, 0, 1), "fd.cport": event.Uint(4000), "fd.sip": ip(10, 0, 0, 2), "fd.sport": event.Uint(443),
				"fd.lip": ip(10, 0, 0, 1), "fd.lport": event.Uint(4000), "fd.rip": ip(10, 0, 0, 2), "fd.rport": event.Uint(443),
			},
			record: map[string]any{
				"network.transport": "tcp", "network.type": "ipv4",
				"source.address": "10.0.0.1", "source.port": int64(4000), "destination.address": "10.0.0.2", "destination.port": int64(443),
				"network.local.address": "10.0.0.1", "network.local.port": int64(4000), "network.peer.address": "10.0.0.2", "network.peer.port": int64(443),
			},
		},
		"unix socket": {
			fields: values{"fd.type": event.Text("unix"), "fd.name": event.Text("/run/docker.sock"), "fd.l4proto": event.Text("<NA>")},
			record: map[string]any{"network.transport": "unix"},
		},
		"container": {
			fields: values{
				"container.id": event.Text("abc123"), "container.name": event.Text("web"), "container.type": event.Text("containerd"),
				"container.image.repository": event.Text("docker.io/library/nginx"), "container.image.tag": event.Text("1.27"), "container.image.digest": event.Text("sha256:ff"),
				"k8s.ns.name": event.Text("shop"), "k8s.pod.name": event.Text("web-0"), "k8s.pod.uid": event.Text("u-1"),
				"container.label[io.kubernetes.container.name]": event.Text("nginx"), "evt.hostname": event.Text("node-1"),
			},
			resource: map[string]any{
				"container.id": "abc123", "container.name": "web", "container.runtime.name": "containerd",
				"container.image.name": "docker.io/library/nginx", "container.image.tags": []any{"1.27"}, "container.image.repo_digests": []any{"docker.io/library/nginx@sha256:ff"},
				"k8s.namespace.name": "shop", "k8s.pod.name": "web-0", "k8s.pod.uid": "u-1", "k8s.container.name": "nginx", "host.name": "node-1",
			},
		},
		"host": {
			fields:   values{"container.id": event.Text("host"), "container.name": event.Text("host"), "container.type": event.Text("host"), "evt.hostname": event.Text("node-1")},
			resource: map[string]any{"host.name": "node-1"},
		},
		"bytes that are no text": {
			fields: values{"fd.type": event.Text("file"), "fd.name": event.Text("/tmp/\xff\xfe")},
			record: map[string]any{"file.path": "/tmp/\uFFFD"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec, resource := mapped(t, detection(t, test.fields))
			got := rec.Attributes().AsRaw()
			for key := range common.Attributes().All() {
				delete(got, key)
			}
			delete(resource, "host.id")
			compare(t, "record", got, test.record)
			compare(t, "resource", resource, test.resource)
		})
	}
}

func compare(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %v\nwant %v", what, got, want)
	}
}

// TestOutputFieldsKeepNameAndType: only what the rule prints, as what it is.
func TestOutputFieldsKeepNameAndType(t *testing.T) {
	rec, _ := mapped(t, detection(t, values{
		"a.text": event.Text("<NA>"), "a.number": event.Int(-3), "a.flag": event.Bool(true), "a.share": event.Float(0.5), "a.size": event.Uint(1 << 63),
		"a.list[2]": event.ListOf([]event.Value{event.Uint(1), event.Text("x")}), "a.data": event.Bytes("\x00\xff"), "a.address": ip(1, 2, 3, 4),
		"captured.only": event.Int(1),
	}, "a.text", "a.number", "a.flag", "a.share", "a.size", "a.list[2]", "a.data", "a.address", "a.missing"))
	got := map[string]any{}
	for key, v := range rec.Attributes().All() {
		if len(key) > len(keyFieldPrefix) && key[:len(keyFieldPrefix)] == keyFieldPrefix {
			got[key[len(keyFieldPrefix):]] = v.AsRaw()
		}
	}
	compare(t, "fields", got, map[string]any{
		"a.text": "<NA>", "a.number": int64(-3), "a.flag": true, "a.share": 0.5, "a.size": "9223372036854775808",
		"a.list[2]": []any{int64(1), "x"}, "a.data": []byte{0, 0xff}, "a.address": "1.2.3.4",
	})
}

func TestTraceOfTheProcess(t *testing.T) {
	rec, _ := mapped(t, detection(t, values{fieldTrace: event.Text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")}))
	if rec.TraceID().IsEmpty() || rec.SpanID().IsEmpty() {
		t.Error("the record has no trace")
	}
}
