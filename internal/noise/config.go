package noise

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

// Config is the part of a component's configuration that is about noise. The
// zero value leaves every detection a record of its own.
type Config struct {
	Aggregate AggregateConfig `mapstructure:"aggregate"`
	Ceiling   CeilingConfig   `mapstructure:"ceiling"`
}

// AggregateConfig makes one record of identical detections.
type AggregateConfig struct {
	// Window is how long detections are collected from the first one on; 0: not
	// at all.
	Window time.Duration `mapstructure:"window"`
	// Keys are the fields that detections of a rule are compared by; none: they
	// are identical if their outputs are.
	Keys []string `mapstructure:"keys"`
}

// CeilingConfig bounds how many records a rule makes.
type CeilingConfig struct {
	// Records is how many each rule makes in an interval, 0: any number. One more
	// tells of those that are left out.
	Records  int           `mapstructure:"records"`
	Interval time.Duration `mapstructure:"interval"`
}

var (
	_ confmap.Validator = (*AggregateConfig)(nil)
	_ confmap.Validator = (*CeilingConfig)(nil)
)

// DefaultConfig is what holds where the user says nothing: all off.
func DefaultConfig() Config {
	return Config{Ceiling: CeilingConfig{Interval: time.Minute}}
}

// maxWindow bounds how long a detection waits before anyone hears of it.
const maxWindow = time.Hour

// Validate checks the window.
func (c *AggregateConfig) Validate() error {
	if c.Window < 0 || c.Window > maxWindow {
		return fmt.Errorf("window: %v is not between 0 and %v", c.Window, maxWindow)
	}
	if len(c.Keys) > 0 && c.Window == 0 {
		return errors.New("keys: are of no use without a window")
	}
	return nil
}

// Validate checks the bounds.
func (c *CeilingConfig) Validate() error {
	if c.Records < 0 {
		return fmt.Errorf("records: %d is negative", c.Records)
	}
	if c.Interval <= 0 || c.Interval > maxWindow {
		return fmt.Errorf("interval: %v is not between 0 and %v", c.Interval, maxWindow)
	}
	return nil
}
