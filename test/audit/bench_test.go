package audit

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// quiet is an event of the control plane, 1.2 kB long, that no rule matches.
func quiet(t testing.TB) string {
	event := lines(t, sample)[4]
	const length = 1200
	pad := `,"annotations":{"pad":"` + strings.Repeat("x", length-len(event)-26) + `",`
	return strings.Replace(event, `,"annotations":{`, pad, 1)
}

// cpu is the processor time that the process has used, in seconds.
func cpu(b *testing.B) float64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// rate reports events for each second of processor time since before.
func rate(b *testing.B, events int, before float64) {
	b.ReportMetric(float64(events)/(cpu(b)-before), "events/s/core")
	b.ReportMetric(0, "ns/op")
}

func ruleFiles() map[string]string {
	files := map[string]string{"ours": ourRules}
	if path := upstreamRules(); path != "" {
		files["upstream"] = path
	}
	return files
}

// BenchmarkWebhook is the whole way, HTTP client included: requests of 400
// events of 1.2 kB each, rules, and a consumer that does nothing.
func BenchmarkWebhook(b *testing.B) {
	const events = 400
	event := quiet(b)
	body := list(strings.Split(strings.TrimSuffix(strings.Repeat(event+"\n", events), "\n"), "\n")...)
	for name, file := range ruleFiles() {
		b.Run(name, func(b *testing.B) {
			url := startWebhook(b, startRules(b, file, consumertest.NewNop()))
			before := cpu(b)
			for b.Loop() {
				if status := post(b, url, body); status != 200 {
					b.Fatal(fmt.Sprint("status ", status))
				}
			}
			rate(b, b.N*events, before)
		})
	}
}

// BenchmarkRules is the processor alone. Its allocations are for a batch of 400
// events.
func BenchmarkRules(b *testing.B) {
	const events = 400
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	event := quiet(b)
	for range events {
		records.AppendEmpty().Body().SetStr(event)
	}
	for name, file := range ruleFiles() {
		b.Run(name, func(b *testing.B) {
			p := startRules(b, file, consumertest.NewNop())
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				if err := p.ConsumeLogs(b.Context(), logs); err != nil {
					b.Fatal(err)
				}
			}
			rate(b, b.N*events, before)
		})
	}
}
