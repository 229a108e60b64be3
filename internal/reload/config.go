package reload

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"
)

// Config is the part of a component's configuration that is about reloading.
type Config struct {
	// Enabled has the rules files watched.
	Enabled bool `mapstructure:"enabled"`
	// Debounce is how long files must rest after a change before they are read,
	// so that what is written in several steps is read once.
	Debounce time.Duration `mapstructure:"debounce"`
}

var _ confmap.Validator = (*Config)(nil)

// maxDebounce keeps rules from being old for longer than anyone would expect.
const maxDebounce = 10 * time.Minute

// DefaultConfig is what holds where the user says nothing.
func DefaultConfig() Config { return Config{Enabled: true, Debounce: 500 * time.Millisecond} }

// Validate checks the bounds of the debounce.
func (c *Config) Validate() error {
	if c.Debounce < 0 || c.Debounce > maxDebounce {
		return fmt.Errorf("debounce: %v is not between 0 and %v", c.Debounce, maxDebounce)
	}
	return nil
}
