// Package runtimesecurityreceiver is the Collector receiver runtime_security:
// it watches what processes do, in the kernel, evaluates Falco rules on it and
// emits each detection as a log record.
package runtimesecurityreceiver

//go:generate go run ../../internal/metagen

import (
	"go.opentelemetry.io/collector/receiver"

	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// NewFactory makes the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, createDefaultConfig,
		receiver.WithLogs(createLogs, metadata.LogsStability))
}
