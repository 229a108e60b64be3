package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// component is a metadata.yaml.
type component struct {
	Type        string
	Scope       string // of its logs and metrics: the Go package
	Description string
	Status      struct {
		Class     string
		Stability map[string][]string
	}
	Attributes map[string]attribute
	Telemetry  struct{ Metrics map[string]*metric }
}

type attribute struct{ Description, Type string }

// metric is one metric; exactly one of its kinds is set.
type metric struct {
	Name        string `yaml:"-"` // with the prefix
	Prefix      string
	Description string
	Unit        string
	Stability   string
	Attributes  []string
	Sum         *number
	Gauge       *number
	Histogram   *number
}

type number struct {
	ValueType string `yaml:"value_type"`
	Monotonic bool
	Async     bool
	Bounds    []float64 `yaml:"bucket_boundaries"`
}

// read reads a metadata.yaml of the component in a Go package.
func read(path, scope string) (*component, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &component{Scope: scope}
	if err := yaml.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, m := range c.Telemetry.Metrics {
		m.Name = m.Prefix + name
		if m.number() == nil {
			return nil, fmt.Errorf("%s: %s is no sum, gauge or histogram of ints or doubles", path, name)
		}
		for _, a := range m.Attributes {
			if c.Attributes[a].Description == "" {
				return nil, fmt.Errorf("%s: %s has the attribute %s, which is not described", path, name, a)
			}
		}
	}
	return c, nil
}

// Metrics are the metrics in the order of their names.
func (c *component) Metrics() []*metric {
	var list []*metric
	for _, m := range c.Telemetry.Metrics {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *metric) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Stabilities pair a signal's name, as in "Logs", with its level.
func (c *component) Stabilities() [][2]string {
	var list [][2]string
	for level, signals := range c.Status.Stability {
		for _, signal := range signals {
			for _, part := range strings.Split(signal, "_to_") {
				list = append(list, [2]string{title(part), title(level)})
			}
		}
	}
	slices.SortFunc(list, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return slices.Compact(list)
}

func (m *metric) number() *number {
	for _, n := range []*number{m.Sum, m.Gauge, m.Histogram} {
		if n != nil && (n.ValueType == "int" || n.ValueType == "double") {
			return n
		}
	}
	return nil
}

// Field is the metric's name as a Go field.
func (m *metric) Field() string {
	name := strings.TrimPrefix(m.Name, m.Prefix)
	var field strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '_' }) {
		field.WriteString(title(word))
	}
	return field.String()
}

// Kind is what the documentation calls the kind.
func (m *metric) Kind() string {
	switch {
	case m.Sum != nil:
		return "Sum"
	case m.Gauge != nil:
		return "Gauge"
	}
	return "Histogram"
}

// Value is the type of the values as the Collector's documents write it.
func (m *metric) Value() string { return title(m.number().ValueType) }

// Number is the type of the values in OpenTelemetry's metric package.
func (m *metric) Number() string {
	return map[string]string{"int": "Int64", "double": "Float64"}[m.number().ValueType]
}

// Write is the method of an instrument that takes a value.
func (m *metric) Write() string {
	if m.Sum != nil {
		return "Add"
	}
	return "Record"
}

// Instrument is the name of the instrument's type in OpenTelemetry's metric package.
func (m *metric) Instrument() string {
	number := m.Number()
	if m.number().Async {
		number += "Observable"
	}
	switch {
	case m.Histogram != nil:
		return number + "Histogram"
	case m.Gauge != nil:
		return number + "Gauge"
	case m.Sum.Monotonic:
		return number + "Counter"
	}
	return number + "UpDownCounter"
}

// Async tells whether the values come from callbacks.
func (m *metric) Async() bool { return m.number().Async }

// Monotonic tells whether a sum only grows.
func (m *metric) Monotonic() bool { return m.Sum != nil && m.Sum.Monotonic }

// Bounds are a histogram's bucket boundaries, as Go arguments.
func (m *metric) Bounds() string {
	var texts []string
	for _, b := range m.number().Bounds {
		texts = append(texts, fmt.Sprint(b))
	}
	return strings.Join(texts, ", ")
}

// Level is the stability as the Collector's documents write it.
func (m *metric) Level() string { return title(m.Stability) }

func title(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// Described is the description as the Collector shows it.
func (m *metric) Described() string { return m.Description + " [" + m.Level() + "]" }
