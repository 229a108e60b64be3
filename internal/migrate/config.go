package migrate

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// config is the Collector's configuration while it is made.
type config struct{ root *yaml.Node }

// appendItem as the last part of a path appends to the list there.
const appendItem = "+"

// newConfig has the receiver in its pipeline, and all parts in the order in
// which a reader expects them.
func newConfig() *config {
	c := &config{root: mapping()}
	for _, part := range []string{"extensions", "receivers", "processors", "exporters", "service"} {
		c.at(part)
	}
	c.at("receivers", "runtime_security")
	c.at("service", "extensions")
	c.set("runtime_security", "service", "pipelines", "logs", "receivers", appendItem)
	c.at("service", "pipelines", "logs", "processors")
	return c
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

// set puts a value at a path, making what is not there.
func (c *config) set(value any, path ...string) {
	var encoded yaml.Node
	if err := encoded.Encode(value); err != nil {
		panic(err) // texts, numbers and maps of them always encode
	}
	if path[len(path)-1] != appendItem {
		*c.at(path...) = encoded
		return
	}
	list := c.at(path[:len(path)-1]...)
	list.Kind, list.Tag = yaml.SequenceNode, "!!seq"
	if encoded.Kind == yaml.ScalarNode && path[0] == "service" {
		list.Style = yaml.FlowStyle
	}
	list.Content = append(list.Content, &encoded)
}

// at is the node at a path.
func (c *config) at(path ...string) *yaml.Node {
	n := c.root
	for _, name := range path {
		next := get(n, name)
		if next == nil {
			next = mapping()
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, next)
		}
		n = next
	}
	return n
}

// prune takes out parts that stayed empty, but for the receiver, which is
// complete without a key.
func prune(n *yaml.Node) {
	kept := n.Content[:0]
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if value.Kind == yaml.MappingNode {
			prune(value)
		}
		empty := value.Kind != yaml.ScalarNode && len(value.Content) == 0
		if empty && key.Value != "runtime_security" {
			continue
		}
		if empty {
			value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
		}
		kept = append(kept, key, value)
	}
	n.Content = kept
}

// finish writes the configuration under its notes.
func (m *migration) finish() (*Result, error) {
	if len(m.config.at("service", "pipelines", "logs", "exporters").Content) == 0 {
		m.at = &yaml.Node{Value: "outputs"}
		m.stdoutOutput(mappingOf("enabled", "true"))
		m.note("none of the outputs has a counterpart; detections are printed, add an exporter")
	}
	prune(m.config.root)
	var out bytes.Buffer
	out.WriteString("# Made by lanner migrate from a falco.yaml.\n")
	if len(m.notes) > 0 {
		out.WriteString("#\n# What it could not take over as it was:\n")
	}
	for _, note := range m.notes {
		fmt.Fprintf(&out, "#   %s\n", strings.Join(strings.Fields(note.Key+": "+note.Text), " "))
	}
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(m.config.root); err != nil {
		return nil, err
	}
	return &Result{Config: out.Bytes(), Notes: m.notes}, nil
}

func mappingOf(key, value string) *yaml.Node {
	n := mapping()
	n.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: key}, {Kind: yaml.ScalarNode, Tag: "!!bool", Value: value}}
	return n
}
