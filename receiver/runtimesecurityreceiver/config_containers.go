package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/identity/container"
)

// ContainersConfig says where runtimes tell about containers, and how long that
// may take.
type ContainersConfig struct {
	// Discover looks for runtimes at their usual places.
	Discover bool `mapstructure:"discover"`
	// Sockets are places beside the usual ones.
	Sockets []SocketConfig `mapstructure:"sockets"`
	// Timeout bounds one question to a runtime.
	Timeout time.Duration `mapstructure:"timeout"`
	// Wait is how long an event may wait for its container to be known. 0: not
	// at all.
	Wait time.Duration `mapstructure:"wait"`
	// WaitingEvents is how many events may wait at a time.
	WaitingEvents int `mapstructure:"waiting_events"`
	// CacheSize is how many containers are remembered.
	CacheSize int `mapstructure:"cache_size"`
}

// SocketConfig is a socket at which a runtime listens.
type SocketConfig struct {
	// Type is the interface: cri, docker or podman.
	Type string `mapstructure:"type"`
	// Path is the socket's path on the host, below host_root.
	Path string `mapstructure:"path"`
}

var (
	_ confmap.Validator = (*ContainersConfig)(nil)
	_ confmap.Validator = (*SocketConfig)(nil)
)

func defaultContainers() ContainersConfig {
	return ContainersConfig{
		Discover: true, Timeout: container.DefaultTimeout, CacheSize: container.DefaultSize,
		Wait: 500 * time.Millisecond, WaitingEvents: 2048,
	}
}

// maxWait bounds the wait: who waits longer has given up on detections in time.
const maxWait = time.Minute

// Validate checks times and sizes.
func (c *ContainersConfig) Validate() error {
	var errs error
	if c.Timeout <= 0 {
		errs = errors.Join(errs, fmt.Errorf("timeout: %v is not a positive time", c.Timeout))
	}
	if c.Wait < 0 || c.Wait > maxWait {
		errs = errors.Join(errs, fmt.Errorf("wait: %v is not between 0 and %v", c.Wait, maxWait))
	}
	if c.WaitingEvents < 0 {
		errs = errors.Join(errs, fmt.Errorf("waiting_events: %d is negative", c.WaitingEvents))
	}
	if c.CacheSize < 1 {
		errs = errors.Join(errs, fmt.Errorf("cache_size: %d is less than 1", c.CacheSize))
	}
	return errs
}

// Validate checks a socket's description; whether it is there shows later.
func (c *SocketConfig) Validate() error {
	return container.Socket{Kind: c.Type, Path: c.Path}.Validate()
}
