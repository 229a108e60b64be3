package audit

import (
	"fmt"
	"runtime"
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

// usage is what the process has used up.
type usage struct {
	seconds     float64 // of processor time
	allocations uint64
}

func used(b *testing.B) usage {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return usage{float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9, memory.Mallocs}
}

// report tells what events cost since before. Processor time counts, so that
// other programs on the machine make no difference.
func report(b *testing.B, events int, before usage) {
	after := used(b)
	b.ReportMetric(float64(events)/(after.seconds-before.seconds), "events/s/core")
	b.ReportMetric(float64(after.allocations-before.allocations)/float64(events), "allocs/event")
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
			before := used(b)
			for b.Loop() {
				if status := post(b, url, body); status != 200 {
					b.Fatal(fmt.Sprint("status ", status))
				}
			}
			report(b, b.N*events, before)
		})
	}
}

// BenchmarkRules is the processor alone.
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
			before := used(b)
			for b.Loop() {
				if err := p.ConsumeLogs(b.Context(), logs); err != nil {
					b.Fatal(err)
				}
			}
			report(b, b.N*events, before)
		})
	}
}
