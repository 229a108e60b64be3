package migrate

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/rules"
)

func (m *migration) configFiles(n *yaml.Node) {
	for _, name := range texts(n) {
		m.note("%s was not read; join the files and migrate the whole", name)
	}
}

func (m *migration) rulesFiles(n *yaml.Node) {
	for _, name := range texts(n) {
		m.config.set(name, "receivers", "runtime_security", "rules", "files", appendItem)
	}
}

// selection turns enable and disable, which name a rule or a tag, into steps.
func (m *migration) selection(n *yaml.Node) {
	for _, step := range n.Content {
		for _, action := range []string{"enable", "disable"} {
			chosen := get(step, action)
			for _, by := range []string{"rule", "tag"} {
				if pattern := text(get(chosen, by)); pattern != "" {
					m.config.set(map[string]any{action: map[string]any{by: pattern}},
						"receivers", "runtime_security", "rules", "selection", appendItem)
				}
			}
		}
	}
}

func (m *migration) priority(n *yaml.Node) {
	priority, ok := rules.ParsePriority(text(n))
	if !ok {
		m.note("%q is no priority; all rules are loaded", text(n))
		return
	}
	m.config.set(strings.ToLower(priority.String()), "receivers", "runtime_security", "rules", "min_priority")
}

func (m *migration) ruleMatching(n *yaml.Node) {
	switch mode := text(n); mode {
	case "first", "all":
		m.config.set(mode, "receivers", "runtime_security", "rules", "matching")
	default:
		m.note("%q is neither first nor all; it stays first", mode)
	}
}

// appendOutput keeps the entries: the component has the same keys. What rules
// suggest is always part of a detection, so suggested_output is not among them.
func (m *migration) appendOutput(n *yaml.Node) {
	for i, node := range n.Content {
		var entry map[string]any
		if err := node.Decode(&entry); err != nil {
			m.note("entry %d cannot be read: %v", i+1, err)
			continue
		}
		delete(entry, "suggested_output")
		if entry["extra_output"] != nil || entry["extra_fields"] != nil {
			m.config.set(withVariables(entry), "receivers", "runtime_security", "rules", "append_output", appendItem)
		}
	}
}

// withVariables writes variables as the Collector does, in all texts of a value.
func withVariables(value any) any {
	switch value := value.(type) {
	case string:
		return variables(value)
	case []any:
		for i := range value {
			value[i] = withVariables(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = withVariables(value[key])
		}
	}
	return value
}
