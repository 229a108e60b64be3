// Package k8sauditreceiver is the Collector receiver k8s_audit: the audit webhook
// of Kubernetes' API servers. It answers that events have arrived when the
// pipeline has taken them, and not before.
package k8sauditreceiver

//go:generate go run ../../internal/metagen

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
)

// NewFactory makes the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, createDefaultConfig,
		receiver.WithLogs(createLogs, metadata.LogsStability))
}

func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	return newReceiver(cfg.(*Config), set, next), nil
}
