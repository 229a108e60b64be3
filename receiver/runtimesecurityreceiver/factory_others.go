//go:build !linux

package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
)

// createLogs lets a Collector for another system be built with the receiver in
// it, and says at start why it cannot be used there.
func createLogs(context.Context, receiver.Settings, component.Config, consumer.Logs) (receiver.Logs, error) {
	return nil, errors.New("runtime_security captures from the Linux kernel, this Collector was built for another system")
}
