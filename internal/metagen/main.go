// Command metagen turns the metadata.yaml of a component into its package
// internal/metadata and its documentation.md, in the shape that the Collector's
// mdatagen gives to them. (mdatagen itself is no module that can be installed at
// the version that the Collector's other modules have.)
//
//	//go:generate go run ../../internal/metagen
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

const module = "github.com/lannersec/lanner"

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "metagen:", err)
		os.Exit(1)
	}
}

// run writes the files of the component in a directory.
func run(dir string) error {
	files, err := generate(dir)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate makes the files of the component in a directory, by name.
func generate(dir string) (map[string][]byte, error) {
	scope, err := packageOf(dir)
	if err != nil {
		return nil, err
	}
	c, err := read(filepath.Join(dir, "metadata.yaml"), scope)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, text := range map[string]string{
		"internal/metadata/generated_status.go":         statusTemplate,
		"internal/metadata/generated_telemetry.go":      telemetryTemplate,
		"internal/metadata/generated_telemetry_test.go": testTemplate,
		"documentation.md":                              documentTemplate,
	} {
		content, err := fill(text, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if filepath.Ext(name) == ".go" {
			if content, err = format.Source(content); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		files[name] = content
	}
	return files, nil
}

// packageOf is the import path of the package in a directory of this module,
// which is two levels below its root, as all components are.
func packageOf(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{module, filepath.Base(filepath.Dir(path)), filepath.Base(path)}, "/"), nil
}

func fill(text string, c *component) ([]byte, error) {
	functions := template.FuncMap{
		"lower": strings.ToLower,
		"kind":  func(t string) string { return map[string]string{"string": "Str", "int": "Int", "bool": "Bool"}[t] },
	}
	t, err := template.New("").Funcs(functions).Parse(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, c)
	return out.Bytes(), err
}
