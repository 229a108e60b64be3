package otelmap

import (
	"testing"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

func TestBatchGroupsByResource(t *testing.T) {
	b := NewBatch(Origin{Scope: "scope", Version: "1.2.3", Resource: map[string]string{"host.id": "h", "k8s.node.name": "n"}})
	for _, id := range []string{"a", "host", "a", "b", "host", "host"} {
		b.Add(detection(t, values{"container.id": event.Text(id)}), observed)
	}
	if b.Len() != 6 {
		t.Errorf("length %d", b.Len())
	}
	logs := b.Take()
	got := map[any]int{}
	for _, group := range logs.ResourceLogs().All() {
		if group.SchemaUrl() != semconv.SchemaURL {
			t.Errorf("schema %q", group.SchemaUrl())
		}
		scope := group.ScopeLogs().At(0)
		if scope.Scope().Name() != "scope" || scope.Scope().Version() != "1.2.3" {
			t.Errorf("scope %q %q", scope.Scope().Name(), scope.Scope().Version())
		}
		attrs := group.Resource().Attributes().AsRaw()
		if attrs["host.id"] != "h" || attrs["k8s.node.name"] != "n" {
			t.Errorf("resource %v", attrs)
		}
		got[attrs["container.id"]] += scope.LogRecords().Len()
	}
	if len(got) != 3 || got["a"] != 2 || got["b"] != 1 || got[nil] != 3 || logs.ResourceLogs().Len() != 3 {
		t.Errorf("groups %v", got)
	}
	if b.Len() != 0 || b.Take().LogRecordCount() != 0 {
		t.Error("the batch is not empty after Take")
	}
}

// someFields is a source that has few of the fields of the table.
type someFields struct{}

func (someFields) Name() string        { return "some" }
func (someFields) Types() *event.Types { return nil }
func (someFields) Fields() *field.Registry {
	return field.NewRegistry([]field.Definition{{Name: "proc.pid"}, {Name: "proc.env", Arg: field.ArgOptional | field.ArgKey}, {Name: "unmapped"}})
}

func TestFieldsAreThoseOfTheSource(t *testing.T) {
	got := Fields(someFields{})
	if len(got) != 2 || got[0] != fieldTrace || got[1] != "proc.pid" {
		t.Errorf("%v", got)
	}
}

func BenchmarkAdd(b *testing.B) {
	det := detection(b, values{
		"proc.pid": event.Int(10), "proc.exepath": event.Text("/usr/bin/cat"), "proc.cmdline": event.Text("cat /etc/shadow"),
		"fd.type": event.Text("file"), "fd.name": event.Text("/etc/shadow"), "container.id": event.Text("host"), "user.uid": event.Uint(0),
	}, "proc.pid", "fd.name")
	batch := NewBatch(Origin{})
	b.ReportAllocs()
	for b.Loop() {
		batch.Add(det, observed)
		if batch.Len() == 256 {
			batch.Take()
		}
	}
}
