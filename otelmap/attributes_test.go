package otelmap

import (
	"slices"
	"strings"
	"testing"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// TestTablesAreUnambiguous: rows of a table with one key stand on one place, and every row
// has a key and a field.
func TestTablesAreUnambiguous(t *testing.T) {
	for _, table := range [][]attribute{attributes, logAttributes} {
		places := map[string]place{}
		for _, row := range table {
			if row.key == "" || row.field == "" {
				t.Errorf("row %+v lacks key or field", row)
			}
			if on, seen := places[row.key]; seen && on != row.on {
				t.Errorf("%s stands on record and resource", row.key)
			}
			places[row.key] = row.on
		}
		if len(places) == 0 {
			t.Fatal("the table is empty")
		}
	}
}

// TestLogsKeepTheirResource: what a log speaks about is no part of its resource.
func TestLogsKeepTheirResource(t *testing.T) {
	for _, row := range logAttributes {
		if row.on != onRecord {
			t.Errorf("%s stands on the resource", row.key)
		}
	}
}

// TestOwnNamesHaveThePrefix: what is no convention's name begins with lanner.
func TestOwnNamesHaveThePrefix(t *testing.T) {
	conventions := []string{"process.", "thread.", "file.", "network.", "source.", "destination.", "container.", "k8s.", "host.", "lanner.", "user.", "user_agent.", "url.", "http.", "error.", "cloud."}
	for _, row := range slices.Concat(attributes, logAttributes) {
		if !slices.ContainsFunc(conventions, func(prefix string) bool { return strings.HasPrefix(row.key, prefix) }) {
			t.Errorf("%s is neither a convention's name nor our own", row.key)
		}
	}
}

// TestSchemaIsThatOfTheNames guards against two versions of the conventions.
func TestSchemaIsThatOfTheNames(t *testing.T) {
	if !strings.HasSuffix(semconv.SchemaURL, "/1.43.0") {
		t.Errorf("schema %s", semconv.SchemaURL)
	}
}
