package bpf_test

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lannersec/lanner/bpf"
)

// costs are the loops of testdata/loops.c whose slow-down is measured.
var costs = []struct {
	loop  string
	turns int
}{{"getpid", 1_000_000}, {"close", 1_000_000}, {"open+close", 300_000}, {"fork+exec", 300}}

const rounds = 7

// BenchmarkCost prints what capture adds to the CPU time of syscall loops, as a
// ratio: the loops run with and without capture in turns, and the medians count.
// openat and the lineage events are captured and thrown away unread by rules.
func BenchmarkCost(b *testing.B) {
	if os.Geteuid() != 0 {
		b.Skip("kernel capture needs root")
	}
	program := helper(b, "loops")
	for _, c := range costs {
		b.Run(c.loop, func(b *testing.B) {
			var off, on []float64
			for range rounds {
				off = append(off, turnTime(b, program, c.loop, c.turns))
				stop := drain(b)
				on = append(on, turnTime(b, program, c.loop, c.turns))
				stop()
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(off), "ns-off")
			b.ReportMetric(median(on), "ns-on")
			b.ReportMetric(median(on)/median(off), "ratio")
		})
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func turnTime(b *testing.B, program, loop string, turns int) float64 {
	b.Helper()
	out, err := exec.Command(program, loop, strconv.Itoa(turns)).Output()
	if err != nil {
		b.Fatal(err)
	}
	ns, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return ns
}

// drain captures and decodes until stop is called.
func drain(b *testing.B) (stop func()) {
	l := startLive(b, bpf.Config{}, "openat")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			sample, err := l.capture.Read()
			if err == nil {
				err = l.decoder.Decode(sample, &l.event)
			}
			if err != nil && !errors.Is(err, bpf.ErrIdle) {
				return
			}
		}
	}()
	return func() {
		_ = l.capture.Close()
		<-done
	}
}
