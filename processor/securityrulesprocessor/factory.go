// Package securityrulesprocessor is the Collector processor security_rules: it
// evaluates rules in Falco's language on log records, such as Kubernetes audit
// events, and makes a log record of each detection.
package securityrulesprocessor

//go:generate go run ../../internal/metagen

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/lannersec/lanner/processor/securityrulesprocessor/internal/metadata"
)

// NewFactory makes the factory of the processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(metadata.Type, createDefaultConfig,
		processor.WithLogs(createLogs, metadata.LogsStability))
}

func createLogs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	c := cfg.(*Config)
	p := newProcessor(c, set, next)
	return processorhelper.NewLogs(ctx, set, cfg, next, p.process,
		processorhelper.WithStart(p.Start), processorhelper.WithShutdown(p.Shutdown),
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: c.mutates()}))
}
