package runtimesecurityreceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/lannersec/lanner/source/syscall"
)

func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	c := cfg.(*Config)
	open := openCapture
	if len(c.Replay.Files) > 0 {
		open = openReplay
	}
	return newReceiver(c, set, next, syscall.Source(), open), nil
}
