package mitre

import (
	"reflect"
	"testing"
)

func TestOf(t *testing.T) {
	execution := Tactic{"mitre_execution", "Execution", "TA0002"}
	for name, tt := range map[string]struct {
		tags []string
		want Threat
	}{
		"none":      {[]string{"host", "T15", "T1059.4", "T1059.0041", "TA0002", "mitre_unheard_of"}, Threat{}},
		"technique": {[]string{"T1555"}, Threat{Techniques: []string{"T1555"}}},
		"each once": {
			[]string{"mitre_execution", "T1059.004", "MITRE_EXECUTION", "T1059"},
			Threat{[]Tactic{execution}, []string{"T1059"}, []string{"T1059.004"}},
		},
	} {
		if got := Of(tt.tags); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: Of(%q) = %+v, want %+v", name, tt.tags, got, tt.want)
		}
	}
}

func TestTactics(t *testing.T) {
	ids := map[string]bool{}
	for _, tactic := range Tactics() {
		if got := Of([]string{tactic.Tag}).Tactics; len(got) != 1 || got[0] != tactic || ids[tactic.ID] {
			t.Errorf("tactic %+v reads back as %+v", tactic, got)
		}
		ids[tactic.ID] = true
	}
}
