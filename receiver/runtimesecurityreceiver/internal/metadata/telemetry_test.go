package metadata

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/metric"
	"gopkg.in/yaml.v3"
)

// declared is what metadata.yaml says of one metric.
type declared struct {
	Prefix      string
	Description string
	Unit        string
	Attributes  []string
}

func metadata(t *testing.T) map[string]declared {
	t.Helper()
	text, err := os.ReadFile("../../metadata.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Telemetry struct{ Metrics map[string]declared }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Telemetry.Metrics) == 0 {
		t.Fatal("metadata.yaml declares no metric")
	}
	return file.Telemetry.Metrics
}

// touch gives every instrument of a builder a value.
func touch(t *testing.T, b *TelemetryBuilder) {
	t.Helper()
	value := reflect.ValueOf(b).Elem()
	for i := range value.NumField() {
		if !value.Type().Field(i).IsExported() {
			continue
		}
		var one metric.Callback
		switch instrument := value.Field(i).Interface().(type) {
		case metric.Int64Counter:
			instrument.Add(t.Context(), 1)
			continue
		case metric.Int64Observable:
			one = func(_ context.Context, o metric.Observer) error { o.ObserveInt64(instrument, 1); return nil }
		case metric.Float64Observable:
			one = func(_ context.Context, o metric.Observer) error { o.ObserveFloat64(instrument, 1); return nil }
		default:
			t.Fatalf("%s has no type that this test knows", value.Type().Field(i).Name)
		}
		if err := b.Observe(one, value.Field(i).Interface().(metric.Observable)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestInstrumentsAreTheDeclaredOnes observes every instrument and compares what
// comes out with metadata.yaml.
func TestInstrumentsAreTheDeclaredOnes(t *testing.T) {
	tel := componenttest.NewTelemetry()
	b, err := NewTelemetryBuilder(tel.NewTelemetrySettings(), component.NewID(Type))
	if err != nil {
		t.Fatal(err)
	}
	touch(t, b)

	for name, want := range metadata(t) {
		got, err := tel.GetMetric(want.Prefix + name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got.Unit != want.Unit || got.Description != want.Description+" [Development]" {
			t.Errorf("%s: unit %q, description %q, declared as %q, %q", name, got.Unit, got.Description, want.Unit, want.Description)
		}
	}
	if err := b.Shutdown(); err != nil {
		t.Fatal(err)
	}
	if _, err := tel.GetMetric("otelcol.lanner.events"); err == nil {
		t.Error("a metric is observed after Shutdown")
	}
}

// TestDocumentationNamesEveryMetric compares documentation.md with metadata.yaml.
func TestDocumentationNamesEveryMetric(t *testing.T) {
	text, err := os.ReadFile("../../documentation.md")
	if err != nil {
		t.Fatal(err)
	}
	metrics := metadata(t)
	for name, m := range metrics {
		section := fmt.Sprintf("### %s%s\n\n%s\n", m.Prefix, name, m.Description)
		if !strings.Contains(string(text), section) {
			t.Errorf("documentation.md lacks %q", section)
		}
	}
	if n := strings.Count(string(text), "\n### "); n != len(metrics) {
		t.Errorf("documentation.md has %d metrics, metadata.yaml %d", n, len(metrics))
	}
}
