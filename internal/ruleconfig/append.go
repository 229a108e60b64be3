package ruleconfig

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/engine/rules"
)

// Addition says what detections carry besides what their rules ask for. The
// keys are those of append_output in falco.yaml.
type Addition struct {
	// Match picks the rules; what it leaves out stands for all.
	Match Match `mapstructure:"match"`
	// ExtraOutput is appended to the rules' outputs.
	ExtraOutput string `mapstructure:"extra_output"`
	// ExtraFields are names of fields, and maps of a key to a text with
	// %fields; each becomes an attribute lanner.field.NAME.
	ExtraFields []any `mapstructure:"extra_fields"`
}

// Match picks rules.
type Match struct {
	Source string   `mapstructure:"source"`
	Rule   string   `mapstructure:"rule"` // by exact name
	Tags   []string `mapstructure:"tags"` // rules with all of them
}

var _ confmap.Validator = (*Addition)(nil)

// Validate checks the form. Fields and formats are checked with the rules that
// they are added to.
func (a *Addition) Validate() error {
	if a.ExtraOutput == "" && len(a.ExtraFields) == 0 {
		return errors.New("adds nothing: give it extra_output or extra_fields")
	}
	_, err := a.fields()
	return err
}

func (a *Addition) scope() rules.Scope {
	return rules.Scope{Source: a.Match.Source, Rule: a.Match.Rule, Tags: a.Match.Tags}
}

// fields are the extra fields, those of a map by key.
func (a *Addition) fields() ([]rules.ExtraField, error) {
	var fields []rules.ExtraField
	for i, item := range a.ExtraFields {
		switch item := item.(type) {
		case string:
			fields = append(fields, rules.ExtraField{Scope: a.scope(), Key: item, Format: item, Raw: true})
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(item)) {
				format, ok := item[key].(string)
				if !ok {
					return nil, fmt.Errorf("extra_fields[%d]: the value of %q is no text", i, key)
				}
				fields = append(fields, rules.ExtraField{Scope: a.scope(), Key: key, Format: format})
			}
		default:
			return nil, fmt.Errorf("extra_fields[%d]: is neither a field's name nor a key with a text", i)
		}
	}
	return fields, nil
}

// add puts all additions into a configuration of rules. They are valid.
func add(config *rules.Config, additions []Addition) {
	for _, a := range additions {
		if a.ExtraOutput != "" {
			config.ExtraOutput = append(config.ExtraOutput, rules.ExtraOutput{Scope: a.scope(), Format: a.ExtraOutput})
		}
		fields, _ := a.fields()
		config.ExtraFields = append(config.ExtraFields, fields...)
	}
}
