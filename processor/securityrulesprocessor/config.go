package securityrulesprocessor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/internal/ruleconfig"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/rules"
)

// Config is the processor's part of the Collector's configuration.
type Config struct {
	Rules ruleconfig.Config `mapstructure:"rules"`
	// Sources says which records hold events of which source. A record that none
	// of them names belongs to the first source that takes the shape of its body.
	Sources []SourceConfig `mapstructure:"sources"`
	// Output is "detections", a new record for each match; "annotate", attributes
	// on the record that matched; or "both".
	Output string `mapstructure:"output"`
	// PassThrough lets records go on that no rule matched; in the output
	// "detections" also those that a rule matched, as they came.
	PassThrough bool `mapstructure:"pass_through"`
}

// SourceConfig says how the events of one source are recognised.
type SourceConfig struct {
	// Name is the source's name, as rules write it.
	Name string `mapstructure:"name"`
	// Attributes are what a record, its scope or its resource has: all of these,
	// with these values. The shape of the body is not asked then.
	Attributes map[string]string `mapstructure:"attributes"`
}

var (
	_ confmap.Validator = (*Config)(nil)
	_ confmap.Validator = (*SourceConfig)(nil)
)

// What output may be.
const (
	outputDetections = "detections"
	outputAnnotate   = "annotate"
	outputBoth       = "both"
)

// defaultRules are loaded where the user names none.
const defaultRules = rulefiles.Prefix + rules.K8sAudit

func createDefaultConfig() component.Config {
	return &Config{
		Rules:       ruleconfig.Default(defaultRules),
		Output:      outputDetections,
		PassThrough: true,
	}
}

// Validate checks what can be checked without reading the rules.
func (c *Config) Validate() error {
	var errs error
	switch c.Output {
	case outputDetections, outputAnnotate, outputBoth:
	default:
		errs = fmt.Errorf("output: %q is none of %q, %q and %q", c.Output, outputDetections, outputAnnotate, outputBoth)
	}
	return errs
}

// Validate checks one source.
func (c *SourceConfig) Validate() error {
	if names := sourceNames(); !slices.Contains(names, c.Name) {
		return fmt.Errorf("name: %q is no source of log records; these are %s", c.Name, strings.Join(names, ", "))
	}
	if len(c.Attributes) == 0 {
		return errors.New("attributes: name at least one that sets the records of the source apart")
	}
	return nil
}

// annotates tells whether matching records are written on.
func (c *Config) annotates() bool { return c.Output != outputDetections }

// detects tells whether matches make records.
func (c *Config) detects() bool { return c.Output != outputAnnotate }

// mutates tells whether what comes in is changed.
func (c *Config) mutates() bool { return c.annotates() || c.PassThrough }
