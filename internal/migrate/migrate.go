// Package migrate makes a Collector configuration of a falco.yaml: rules,
// priorities and outputs become receivers, processors and exporters. What has
// no counterpart is said, key by key.
package migrate

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Note is something to know of a key of the falco.yaml.
type Note struct {
	Key  string
	Line int
	Text string
}

// String is the note on one line.
func (n Note) String() string { return fmt.Sprintf("line %d: %s: %s", n.Line, n.Key, n.Text) }

// Result is what came of a falco.yaml.
type Result struct {
	// Config is the Collector's configuration, with the notes as comments.
	Config []byte
	Notes  []Note
}

// Migrate reads a falco.yaml. Keys that it does not know are noted.
func Migrate(source []byte) (*Result, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errors.New("the file is empty")
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: a falco.yaml is a mapping", root.Line)
	}
	m := &migration{config: newConfig()}
	for i := 0; i+1 < len(root.Content); i += 2 {
		m.key(root.Content[i], root.Content[i+1])
	}
	return m.finish()
}

// migration is the work on one file.
type migration struct {
	config *config
	notes  []Note
	at     *yaml.Node // the key at hand
}

func (m *migration) key(key, value *yaml.Node) {
	m.at = key
	row, ok := rowOf(key.Value)
	switch {
	case !ok:
		m.note("is no key of falco.yaml that this tool knows; nothing was made of it")
	case row.apply != nil:
		row.apply(m, value)
	}
	if ok && row.note != "" && !isOff(value) {
		m.note("%s", row.note)
	}
}

// note adds a note on the key at hand.
func (m *migration) note(format string, args ...any) {
	m.notes = append(m.notes, Note{m.at.Value, m.at.Line, fmt.Sprintf(format, args...)})
}

// isOff tells whether a part is switched off: false, or enabled: false.
func isOff(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return n.Value == "false" || n.Value == "" || n.Tag == "!!null"
	}
	if enabled := get(n, "enabled"); enabled != nil {
		return !isTrue(enabled)
	}
	return len(n.Content) == 0
}

// get is the value of a key, at any depth: get(n, "tls", "cert"); nil if there is none.
func get(n *yaml.Node, path ...string) *yaml.Node {
	for _, name := range path {
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		var found *yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				found = n.Content[i+1]
			}
		}
		n = found
	}
	return n
}

// text is a scalar's text with environment variables as the Collector writes
// them; empty if there is none.
func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return variables(n.Value)
}

// variable is an environment variable in a falco.yaml, or an escaped one.
var variable = regexp.MustCompile(`\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

func variables(text string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "$$") {
			return found // means the same to the Collector
		}
		return "${env:" + found[2:]
	})
}

// isTrue reads the ways in which a falco.yaml says yes.
func isTrue(n *yaml.Node) bool {
	switch strings.ToLower(text(n)) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

// texts is a list of texts, or a single one as a list.
func texts(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		if one := text(n); one != "" {
			return []string{one}
		}
		return nil
	}
	var list []string
	for _, item := range n.Content {
		list = append(list, texts(item)...)
	}
	return list
}
