// Package mitre reads the tags of rules that name the tactics and techniques of
// MITRE ATT&CK.
package mitre

import (
	"regexp"
	"slices"
	"strings"
)

// Framework is the name of what the ids belong to.
const Framework = "MITRE ATT&CK"

// Tactic is a tactic of the enterprise matrix.
type Tactic struct {
	Tag  string // as rules carry it
	Name string
	ID   string
}

// tactics is in the order of the matrix.
var tactics = []Tactic{
	{"mitre_reconnaissance", "Reconnaissance", "TA0043"},
	{"mitre_resource_development", "Resource Development", "TA0042"},
	{"mitre_initial_access", "Initial Access", "TA0001"},
	{"mitre_execution", "Execution", "TA0002"},
	{"mitre_persistence", "Persistence", "TA0003"},
	{"mitre_privilege_escalation", "Privilege Escalation", "TA0004"},
	{"mitre_defense_evasion", "Defense Evasion", "TA0005"},
	{"mitre_credential_access", "Credential Access", "TA0006"},
	{"mitre_discovery", "Discovery", "TA0007"},
	{"mitre_lateral_movement", "Lateral Movement", "TA0008"},
	{"mitre_collection", "Collection", "TA0009"},
	{"mitre_command_and_control", "Command and Control", "TA0011"},
	{"mitre_exfiltration", "Exfiltration", "TA0010"},
	{"mitre_impact", "Impact", "TA0040"},
}

// Tactics lists the tactics in the order of the matrix.
func Tactics() []Tactic { return slices.Clone(tactics) }

// technique matches a tag that is the id of a technique or subtechnique.
var technique = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)

// Threat is what a rule's tags say, each thing once and in their order.
type Threat struct {
	Tactics       []Tactic
	Techniques    []string // T1059, also of the subtechniques
	Subtechniques []string // T1059.004
}

// Of reads tags. Those of other meaning are passed over.
func Of(tags []string) Threat {
	var t Threat
	for _, tag := range tags {
		if i := indexOf(tag); i >= 0 {
			t.Tactics = appendNew(t.Tactics, tactics[i])
			continue
		}
		if !technique.MatchString(tag) {
			continue
		}
		parent, _, isSub := strings.Cut(tag, ".")
		t.Techniques = appendNew(t.Techniques, parent)
		if isSub {
			t.Subtechniques = appendNew(t.Subtechniques, tag)
		}
	}
	return t
}

func indexOf(tag string) int {
	return slices.IndexFunc(tactics, func(t Tactic) bool { return strings.EqualFold(t.Tag, tag) })
}

func appendNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
