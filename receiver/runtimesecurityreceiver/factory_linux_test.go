package runtimesecurityreceiver

import (
	"testing"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

func TestFactoryMakesLogsReceivers(t *testing.T) {
	factory := NewFactory()
	if factory.Type().String() != "runtime_security" {
		t.Errorf("type %s", factory.Type())
	}
	set := receivertest.NewNopSettings(factory.Type())
	r, err := factory.CreateLogs(t.Context(), set, factory.CreateDefaultConfig(), consumertest.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := factory.CreateMetrics(t.Context(), set, factory.CreateDefaultConfig(), consumertest.NewNop()); err == nil {
		t.Error("it makes a receiver for metrics")
	}
}
