package bpf_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/predicate"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
	source "github.com/lannersec/lanner/source/syscall"
)

// BenchmarkFilter prints what opening and closing a file that no rule asks for
// costs without capture, captured, and captured with filters, in turns; the CPU
// time that reading, decoding and matching take for each call; and how many of a
// million calls reach user space. With CORPUS=dir also for the reference's rules.
func BenchmarkFilter(b *testing.B) {
	if os.Geteuid() != 0 {
		b.Skip("kernel capture needs root")
	}
	data, err := fs.ReadFile(rules.FS, rules.Default)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("default rules", func(b *testing.B) { benchmarkFilter(b, enginerules.File{Name: rules.Default, Data: data}) })
	if corpus := os.Getenv("CORPUS"); corpus != "" {
		name := filepath.Join(corpus, "rules/upstream/falco_rules.yaml")
		if data, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
		b.Run("stable rules", func(b *testing.B) { benchmarkFilter(b, enginerules.File{Name: name, Data: data}) })
	}
}

const (
	filterTurns = 300_000
	filterLoop  = "open+close elsewhere"
)

func benchmarkFilter(b *testing.B, file enginerules.File) {
	eng := engine.New(engine.Options{Config: enginerules.Config{Sources: []field.Source{source.Source()}}})
	if r := eng.Load([]enginerules.File{file}); !r.Loaded {
		b.Fatal(r.Diagnostics.Err())
	}
	program := helper(b, "loops")
	var off, plain, filtered []float64
	var cpu [2]time.Duration
	var calls [2]bpf.CallStats
	for range rounds {
		off = append(off, turnTime(b, program, filterLoop, filterTurns))
		for i, to := range []*[]float64{&plain, &filtered} {
			stop := match(b, eng, i == 1)
			*to = append(*to, turnTime(b, program, filterLoop, filterTurns))
			spent, counts := stop()
			cpu[i] += spent
			calls[i].Sent += counts.Sent
			calls[i].Filtered += counts.Filtered
		}
	}
	const all = rounds * filterTurns
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(off), "ns-off")
	b.ReportMetric(median(plain), "ns-plain")
	b.ReportMetric(median(filtered), "ns-filtered")
	b.ReportMetric(float64(cpu[0])/all, "agent-ns-plain")
	b.ReportMetric(float64(cpu[1])/all, "agent-ns-filtered")
	b.ReportMetric(1e6*float64(calls[0].Sent)/all, "sent-ppm-plain")
	b.ReportMetric(1e6*float64(calls[1].Sent)/all, "sent-ppm-filtered")
}

// match captures, decodes and matches until stop is called, which tells the CPU
// time of this process and the counters of openat.
func match(b *testing.B, eng *engine.Engine, filter bool) (stop func() (time.Duration, bpf.CallStats)) {
	l := startLive(b, bpf.Config{Filter: filter, SkipSelf: true})
	setFilters(b, l, predicate.Tables(predicate.OfSets(source.SourceName, source.Known, eng.Set())))
	if err := l.capture.SetTypes(eng.Types(source.SourceName)); err != nil {
		b.Fatal(err)
	}
	evaluator, err := eng.Evaluator(source.SourceName)
	if err != nil {
		b.Fatal(err)
	}
	before := cpuTime(b)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			sample, err := l.capture.Read()
			if err == nil {
				err = l.decoder.Decode(sample, &l.event)
			}
			switch {
			case err == nil:
				evaluator.Process(&l.event.Head, func(*engine.Detection) {})
			case !errors.Is(err, bpf.ErrIdle):
				return
			}
		}
	}()
	return func() (time.Duration, bpf.CallStats) {
		spent, stats := cpuTime(b)-before, callStats(b, l, "openat")
		_ = l.capture.Close()
		<-done
		return spent, stats
	}
}

func callStats(b *testing.B, l *live, name string) bpf.CallStats {
	b.Helper()
	stats, err := l.capture.Stats()
	if err != nil {
		b.Fatal(err)
	}
	for _, call := range stats.Calls {
		if call.Name == name {
			return call
		}
	}
	return bpf.CallStats{}
}

// cpuTime is what this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
