//go:build !linux

package runtimesecurityreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/lannersec/lanner/source/syscall"
)

// createLogs lets a Collector for another system replay captures, and says at
// start why it can do nothing else.
func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	c := cfg.(*Config)
	if len(c.Replay.Files) == 0 {
		return nil, errors.New("runtime_security captures from the Linux kernel, this Collector was built for another system; it can replay captures here: name them in replay.files")
	}
	return newReceiver(c, set, next, syscall.Source(), openReplay), nil
}
