package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFilesAreThoseOfTheirSource: the generated files of every component are
// what its metadata.yaml says.
func TestFilesAreThoseOfTheirSource(t *testing.T) {
	sources, err := filepath.Glob("../../*/*/metadata.yaml")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no component: %v", err)
	}
	for _, source := range sources {
		dir := filepath.Dir(source)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			files, err := generate(dir)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range files {
				have, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil || !bytes.Equal(have, want) {
					t.Errorf("%s is not what metadata.yaml says (%v): make generate", name, err)
				}
			}
		})
	}
}

func TestUndescribedAttributeIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"attribute": "telemetry: {metrics: {m: {attributes: [a], sum: {value_type: int}}}}",
		"kind":      "telemetry: {metrics: {m: {unit: s}}}",
		"yaml":      "telemetry: [",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "metadata.yaml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := run(dir); err == nil {
				t.Error("it is taken")
			}
		})
	}
}
