package otelmap

import (
	"reflect"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/lannersec/lanner/engine/mitre"
)

func TestThreatAttributes(t *testing.T) {
	for name, test := range map[string]struct {
		tags []string
		want map[string]any
	}{
		"none": {[]string{"host", "filesystem"}, map[string]any{}},
		"tactic and subtechnique": {[]string{"host", "mitre_credential_access", "T1003.008"}, map[string]any{
			keyFramework: mitre.Framework, keyTacticName: []any{"Credential Access"}, keyTacticID: []any{"TA0006"},
			keyTechnique: []any{"T1003"}, keySubtechnique: []any{"T1003.008"},
		}},
		"technique alone": {[]string{"T1555"}, map[string]any{
			keyFramework: mitre.Framework, keyTechnique: []any{"T1555"},
		}},
		"two of each, each once": {
			[]string{"mitre_execution", "T1059.004", "MITRE_EXECUTION", "mitre_persistence", "T1059", "T1546.004"}, map[string]any{
				keyFramework: mitre.Framework, keyTacticName: []any{"Execution", "Persistence"}, keyTacticID: []any{"TA0002", "TA0003"},
				keyTechnique: []any{"T1059", "T1546"}, keySubtechnique: []any{"T1059.004", "T1546.004"},
			}},
		"no technique's id": {[]string{"T15", "T1059.4", "T1059.0041", "TA0002", "mitre_unheard_of"}, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := pcommon.NewMap()
			putThreat(got, test.tags)
			if !reflect.DeepEqual(got.AsRaw(), test.want) {
				t.Errorf("got %v, want %v", got.AsRaw(), test.want)
			}
		})
	}
}
