package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/lannersec/lanner/internal/noise"
	"github.com/lannersec/lanner/internal/ruleconfig"
	"github.com/lannersec/lanner/internal/rulefiles"
)

// Config is the receiver's part of the Collector's configuration.
type Config struct {
	Rules      ruleconfig.Config `mapstructure:"rules"`
	Capture    CaptureConfig     `mapstructure:"capture"`
	Delivery   DeliveryConfig    `mapstructure:"delivery"`
	Noise      noise.Config      `mapstructure:"noise"`
	Health     HealthConfig      `mapstructure:"health"`
	Containers ContainersConfig  `mapstructure:"containers"`
	Replay     ReplayConfig      `mapstructure:"replay"`
	// Storage is the extension that keeps until when events were seen, so that a
	// restart tells of the time between. None: it does not.
	Storage *component.ID `mapstructure:"storage"`
	// HostRoot is where the host's file system is mounted, for a Collector that
	// runs in a container. Users, groups and processes are read below it.
	HostRoot string `mapstructure:"host_root"`
	// NodeName is the Kubernetes node's name, for the records' resource.
	NodeName string `mapstructure:"node_name"`
}

// CaptureConfig sizes what lies between kernel and receiver.
type CaptureConfig struct {
	// RingMiBPerCPU times the number of CPUs, rounded up to a power of two, is
	// the size of the ring that the kernel writes events to.
	RingMiBPerCPU int `mapstructure:"ring_mib_per_cpu"`
	// Environment collects the environment of programs when they start: fields
	// that show it, and the trace that a process belongs to, need it.
	Environment bool `mapstructure:"environment"`
	// ResolveHostNames has the host names that conditions compare fd.sip.name
	// and its kin with resolved, now and every few minutes, by the machine's
	// DNS. Without such conditions nothing is asked.
	ResolveHostNames bool `mapstructure:"resolve_host_names"`
	// Filter leaves out calls in the kernel that no loaded rule can match: auto,
	// where the kernel can, or off.
	Filter string `mapstructure:"filter"`
}

// The values of CaptureConfig.Filter.
const (
	filterAuto = "auto"
	filterOff  = "off"
)

// DeliveryConfig bounds what lies between detection and pipeline.
type DeliveryConfig struct {
	// QueueSize is how many detections may wait; more are lost and counted.
	QueueSize int `mapstructure:"queue_size"`
	// BatchSize is the most detections that go to the pipeline at once.
	BatchSize int `mapstructure:"batch_size"`
	// BatchDelay is how long a detection may wait for others.
	BatchDelay time.Duration `mapstructure:"batch_delay"`
	// RetryFor is how long detections that the pipeline refuses for the moment
	// are offered again.
	RetryFor time.Duration `mapstructure:"retry_for"`
}

var (
	_ confmap.Validator = (*CaptureConfig)(nil)
	_ confmap.Validator = (*DeliveryConfig)(nil)
)

func createDefaultConfig() component.Config {
	return &Config{
		Rules:      ruleconfig.Default(rulefiles.Default),
		Capture:    CaptureConfig{RingMiBPerCPU: 8, Environment: true, ResolveHostNames: true, Filter: filterAuto},
		Delivery:   DeliveryConfig{QueueSize: 4096, BatchSize: 256, BatchDelay: 200 * time.Millisecond, RetryFor: 30 * time.Second},
		Noise:      noise.DefaultConfig(),
		Health:     HealthConfig{Interval: 10 * time.Second},
		Containers: defaultContainers(),
		HostRoot:   "/",
	}
}

// Validate checks what can be checked without touching the host.
func (c *Config) Validate() error {
	if !strings.HasPrefix(c.HostRoot, "/") {
		return fmt.Errorf("host_root: %q is not an absolute path", c.HostRoot)
	}
	return nil
}

// maxRingMiBPerCPU is what the largest ring is in all.
const maxRingMiBPerCPU = 1024

// Validate checks the size of the ring, and the words.
func (c *CaptureConfig) Validate() error {
	if c.RingMiBPerCPU < 1 || c.RingMiBPerCPU > maxRingMiBPerCPU {
		return fmt.Errorf("ring_mib_per_cpu: %d is not between 1 and %d", c.RingMiBPerCPU, maxRingMiBPerCPU)
	}
	if c.Filter != filterAuto && c.Filter != filterOff {
		return fmt.Errorf("filter: %q is neither %s nor %s", c.Filter, filterAuto, filterOff)
	}
	return nil
}

// Validate checks the bounds of delivery.
func (c *DeliveryConfig) Validate() error {
	var errs error
	if c.QueueSize < 1 {
		errs = errors.Join(errs, fmt.Errorf("queue_size: %d is less than 1", c.QueueSize))
	}
	if c.BatchSize < 1 {
		errs = errors.Join(errs, fmt.Errorf("batch_size: %d is less than 1", c.BatchSize))
	}
	if c.BatchDelay < 0 {
		errs = errors.Join(errs, fmt.Errorf("batch_delay: %v is negative", c.BatchDelay))
	}
	if c.RetryFor < 0 {
		errs = errors.Join(errs, fmt.Errorf("retry_for: %v is negative", c.RetryFor))
	}
	return errs
}
