// Package runtimesecurityreceiver is the Collector receiver runtime_security.
package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// Config is the receiver's part of the Collector's configuration.
type Config struct{}

// NewFactory makes the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, func() component.Config { return &Config{} },
		receiver.WithLogs(func(context.Context, receiver.Settings, component.Config, consumer.Logs) (receiver.Logs, error) {
			return nil, errors.New("not yet")
		}, metadata.LogsStability))
}
