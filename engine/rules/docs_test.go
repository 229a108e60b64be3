package rules

import (
	"os"
	"strings"
	"testing"
)

// TestDocsNameEveryKey keeps docs/rule-language.md complete.
func TestDocsNameEveryKey(t *testing.T) {
	text, err := os.ReadFile("../../docs/rule-language.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !strings.Contains(string(text), "`"+k.name+"`") {
			t.Errorf("the key %s is not in docs/rule-language.md", k.name)
		}
	}
	if minor := EngineVersion.String()[:len("0.57")]; !strings.Contains(string(text), "engine version "+minor) {
		t.Errorf("docs/rule-language.md is not about engine version %s", minor)
	}
}
