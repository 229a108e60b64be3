package runtimesecurityreceiver

import (
	"errors"
	"testing"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// points are a metric's values by their attributes.
func points(t *testing.T, telemetry *componenttest.Telemetry, name string) map[string]int64 {
	t.Helper()
	m, err := telemetry.GetMetric(name)
	if err != nil {
		t.Fatal(err)
	}
	var list []metricdata.DataPoint[int64]
	switch data := m.Data.(type) {
	case metricdata.Sum[int64]:
		list = data.DataPoints
	case metricdata.Gauge[int64]:
		list = data.DataPoints
	}
	values := map[string]int64{}
	for _, p := range list {
		own, others := p.Attributes.Filter(func(kv attribute.KeyValue) bool { return kv.Key != "receiver" })
		if len(others) != 1 {
			t.Errorf("%s does not tell whose it is: %v", name, p.Attributes)
		}
		values[own.Encoded(attribute.DefaultEncoder())] = p.Value
	}
	return values
}

func TestMetricsOfTheStream(t *testing.T) {
	s, telemetry := start(t, config(t, spyRule), consumertest.NewNop())
	s.stats.Store(&streamStats{
		drops:    map[drop]uint64{{"ring_full", "openat"}: 3, {"too_big", "openat"}: 0},
		hooks:    []hook{{name: "sys_exit"}, {name: "io_uring_complete", refused: errors.New("no such tracepoint")}},
		ringSize: 1 << 20, ringUsage: 1 << 10, threads: 42,
		changes: map[string]uint64{"evicted": 5},
	})
	for name, want := range map[string]map[string]int64{
		"otelcol.lanner.capture.drops":      {"cause=ring_full,type=openat": 3, "cause=too_big,type=openat": 0},
		"otelcol.lanner.capture.hooks":      {"hook=sys_exit": 1, "hook=io_uring_complete": 0},
		"otelcol.lanner.capture.ring.size":  {"": 1 << 20},
		"otelcol.lanner.capture.ring.usage": {"": 1 << 10},
		"otelcol.lanner.processes":          {"": 42},
		"otelcol.lanner.processes.changes":  {"change=evicted": 5},
		"otelcol.lanner.rules":              {"state=loaded": 1, "state=enabled": 1, "state=skipped": 0},
	} {
		got := points(t, telemetry, name)
		for attrs, n := range want {
			if have, ok := got[attrs]; !ok || have != n {
				t.Errorf("%s{%s} = %d, want %d", name, attrs, have, n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
