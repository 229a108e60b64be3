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
