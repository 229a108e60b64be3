package ruleconfig

import (
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/engine/rules"
)

// additions decodes a list under append_output.
func additions(t *testing.T, list ...any) (Config, error) {
	t.Helper()
	c := Default("embedded:lanner_rules.yaml")
	if err := confmap.NewFromStringMap(map[string]any{"append_output": list}).Unmarshal(&c); err != nil {
		t.Fatal(err)
	}
	return c, confmap.Validate(&c)
}

func TestAdditions(t *testing.T) {
	c, err := additions(t,
		map[string]any{"extra_output": "on %evt.hostname"},
		map[string]any{
			"match":        map[string]any{"source": "syscall", "rule": "A", "tags": []any{"x", "y"}},
			"extra_fields": []any{"proc.cwd", map[string]any{"b": "%proc.name!", "a": "1"}},
		})
	if err != nil {
		t.Fatal(err)
	}
	scope := rules.Scope{Source: "syscall", Rule: "A", Tags: []string{"x", "y"}}
	got := c.Options(nil, nil).Config
	if want := []rules.ExtraOutput{{Format: "on %evt.hostname"}}; !reflect.DeepEqual(got.ExtraOutput, want) {
		t.Errorf("%+v, want %+v", got.ExtraOutput, want)
	}
	want := []rules.ExtraField{
		{Scope: scope, Key: "proc.cwd", Format: "proc.cwd", Raw: true},
		{Scope: scope, Key: "a", Format: "1"},
		{Scope: scope, Key: "b", Format: "%proc.name!"},
	}
	if !reflect.DeepEqual(got.ExtraFields, want) {
		t.Errorf("%+v, want %+v", got.ExtraFields, want)
	}
}

func TestBadAdditions(t *testing.T) {
	for want, addition := range map[string]map[string]any{
		"adds nothing":           {"match": map[string]any{"rule": "A"}},
		"extra_fields[1]: is ":   {"extra_fields": []any{"proc.name", 3}},
		`the value of "a" is no`: {"extra_fields": []any{map[string]any{"a": 3}}},
	} {
		_, err := additions(t, addition)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "append_output::0") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
