package rules_test

import (
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/rules"
)

// A list of a million bytes on one line takes about as long as on many lines;
// were it quadratic, the test would not end.
func TestLongLineIsReadOnce(t *testing.T) {
	const items = 1 << 17
	data := "- list: l\n  items: [" + strings.Repeat("äaaaa, ", items) + "b]\n- list: l\n  items: [c]\n  override: {item: append}\n"
	_, diags := rules.Load([]rules.File{{Name: "long.yaml", Data: []byte(data)}}, rules.Config{})
	if len(diags) == 0 {
		t.Fatal("the unknown key of override is not reported")
	}
	last := diags[len(diags)-1]
	if last.Severity != diag.Error || last.Range.Position().Line != 5 {
		t.Errorf("the error after the long line is at %v: %s", last.Range.Position(), last.Summary)
	}
}
