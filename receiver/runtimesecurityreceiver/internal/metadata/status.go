// Package metadata is what metadata.yaml says, as code, in the shape that the
// Collector's mdatagen gives to it.
package metadata

import "go.opentelemetry.io/collector/component"

var (
	// Type is the component's name in a Collector's configuration.
	Type = component.MustNewType("runtime_security")
	// ScopeName names the receiver as the origin of its logs and metrics.
	ScopeName = "github.com/lannersec/lanner/receiver/runtimesecurityreceiver"
)

// LogsStability is how stable the receiver's logs are.
const LogsStability = component.StabilityLevelDevelopment
