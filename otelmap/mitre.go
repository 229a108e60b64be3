package otelmap

import (
	"regexp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Names of the attributes that say which known attack a rule is about.
const (
	keyFramework    = "threat.framework"
	keyTacticName   = "threat.tactic.name"
	keyTacticID     = "threat.tactic.id"
	keyTechnique    = "threat.technique.id"
	keySubtechnique = "threat.technique.subtechnique.id"
)

const framework = "MITRE ATT&CK"

// tactic is a MITRE ATT&CK tactic of the enterprise matrix.
type tactic struct{ name, id string }

// tactics by the tag that rules carry.
var tactics = map[string]tactic{
	"mitre_reconnaissance":       {"Reconnaissance", "TA0043"},
	"mitre_resource_development": {"Resource Development", "TA0042"},
	"mitre_initial_access":       {"Initial Access", "TA0001"},
	"mitre_execution":            {"Execution", "TA0002"},
	"mitre_persistence":          {"Persistence", "TA0003"},
	"mitre_privilege_escalation": {"Privilege Escalation", "TA0004"},
	"mitre_defense_evasion":      {"Defense Evasion", "TA0005"},
	"mitre_credential_access":    {"Credential Access", "TA0006"},
	"mitre_discovery":            {"Discovery", "TA0007"},
	"mitre_lateral_movement":     {"Lateral Movement", "TA0008"},
	"mitre_collection":           {"Collection", "TA0009"},
	"mitre_command_and_control":  {"Command and Control", "TA0011"},
	"mitre_exfiltration":         {"Exfiltration", "TA0010"},
	"mitre_impact":               {"Impact", "TA0040"},
}

// technique matches a tag that is the id of a technique or subtechnique.
var technique = regexp.MustCompile(`^(T\d{4})(\.\d{3})?$`)

// threat is what a rule's tags say in MITRE's terms.
type threat struct {
	tacticNames, tacticIDs    []string
	techniques, subtechniques []string
}

// threatOf reads tags in their order. Tags of other meaning are passed over.
func threatOf(tags []string) threat {
	var t threat
	for _, tag := range tags {
		if tac, ok := tactics[strings.ToLower(tag)]; ok {
			t.tacticNames = appendNew(t.tacticNames, tac.name)
			t.tacticIDs = appendNew(t.tacticIDs, tac.id)
			continue
		}
		if m := technique.FindStringSubmatch(tag); m != nil {
			t.techniques = appendNew(t.techniques, m[1])
			if m[2] != "" {
				t.subtechniques = appendNew(t.subtechniques, tag)
			}
		}
	}
	return t
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// put writes what is known; a rule without such tags gets no attribute.
func (t threat) put(dst pcommon.Map) {
	if len(t.tacticIDs) == 0 && len(t.techniques) == 0 {
		return
	}
	dst.PutStr(keyFramework, framework)
	putStrings(dst, keyTacticName, t.tacticNames)
	putStrings(dst, keyTacticID, t.tacticIDs)
	putStrings(dst, keyTechnique, t.techniques)
	putStrings(dst, keySubtechnique, t.subtechniques)
}

func putStrings(dst pcommon.Map, key string, list []string) {
	if len(list) == 0 {
		return
	}
	slice := dst.PutEmptySlice(key)
	slice.EnsureCapacity(len(list))
	for _, s := range list {
		slice.AppendEmpty().SetStr(valid(s))
	}
}
