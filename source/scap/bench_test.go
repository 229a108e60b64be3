package scap_test

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/internal/rulefiles"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// workload writes a capture of what servers do all day: mostly reading and
// writing, some opening and connecting, now and then a program.
type workload struct {
	b     *testing.B
	w     *scap.Writer
	event syscall.Event
	time  uint64
	n     int
}

func (l *workload) do(num uint16, tid int64, values ...any) {
	l.time += 1000
	l.n++
	rec, err := inject.Encode(l.time, tid, num, values...)
	if err := errors.Join(err, l.event.Decode(rec, syscall.FormCounted), l.w.Event(&l.event)); err != nil {
		l.b.Fatal(err)
	}
}

// program starts a program that opens a file and ends.
func (l *workload) program(pid int) {
	tid := int64(pid)
	l.do(syscall.EvCloneX, tid, 0, "sh", nil, pid, pid, 100, "", 1024, 0, 0, 0, 0, 0, "sh", nil, 0, 0, 0, pid, pid, 0)
	l.do(syscall.EvExecveX, tid, 0, "date", inject.List("+%s"), pid, pid, 100, "", 1024, 0, 0, 0, 0, 0, "date", nil, inject.List("PATH=/bin"),
		0, pid, 0, 0, 0, 0, 0, 7, 0, 0, 0, "/usr/bin/date", pid, 0, "/usr/bin/date")
	l.do(syscall.EvOpenatX, tid, 3, -100, "/etc/localtime", 1, 0, 0, 0)
	l.do(syscall.EvCloseX, tid, 0, 3)
	l.do(syscall.EvProcexitE, tid, 0, 0, 0, 0, 1)
}

// day is a round of the workload.
func (l *workload) day(round int) {
	data := bytes.Repeat([]byte("x"), 80)
	client, server := netip.MustParseAddrPort("10.0.0.1:40000"), netip.MustParseAddrPort("10.0.0.2:5432")
	for i := range 10 {
		l.do(syscall.EvOpenatX, 100, 10, -100, "/srv/www/index.html", 1, 0, 0, 0)
		l.do(syscall.EvReadX, 100, 80, data, 10, 4096)
		l.do(syscall.EvCloseX, 100, 0, 10)
		l.do(syscall.EvOpenatX, 100, -2, -100, "/srv/www/favicon.ico", 1, 0, 0, 0)
		for range 5 {
			l.do(syscall.EvReadX, 200, 80, data, 4, 4096)
			l.do(syscall.EvWriteX, 200, 80, data, 4, 80)
		}
		if i == 0 {
			l.do(syscall.EvSocketX, 100, 11, 2, 1, 0, 0)
			l.do(syscall.EvConnectX, 100, 0, inject.Tuple(client, server), 11, inject.Addr(server))
			l.do(syscall.EvSendtoX, 100, 80, data, 11, 80, nil)
			l.do(syscall.EvCloseX, 100, 0, 11)
		}
	}
	l.program(1000 + round%1000)
}

// makeWorkload is a capture of n events at least.
func makeWorkload(b *testing.B, n int) (capture []byte, events int) {
	var out bytes.Buffer
	w, err := scap.NewWriter(&out)
	if err != nil {
		b.Fatal(err)
	}
	table := process.NewTable(process.Options{})
	for _, pid := range []int64{1, 100, 200} {
		th := process.NewThread(pid)
		th.PID, th.PTID, th.VTID, th.VPID, th.Comm, th.Exe = pid, 1, pid, pid, "server", "/usr/sbin/server"
		th.ExePath = th.Exe
		th.SetCwd("/")
		table.Add(th)
	}
	if err := errors.Join(w.Machine(scap.Machine{CPUs: 2, Hostname: "bench"}), w.Threads(table)); err != nil {
		b.Fatal(err)
	}
	l := &workload{b: b, w: w, time: 1e18}
	for round := 0; l.n < n; round++ {
		l.day(round)
	}
	return out.Bytes(), l.n
}

// BenchmarkReplay replays a mixed workload with the rules that come with Lanner,
// and without any.
func BenchmarkReplay(b *testing.B) {
	capture, events := makeWorkload(b, 100_000)
	files, err := rulefiles.Read([]string{rulefiles.Default})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		files []rules.File
	}{{"no rules", nil}, {"default rules", files}} {
		b.Run(c.name, func(b *testing.B) {
			e := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{syscall.Source()}}})
			if report := e.Load(c.files); !report.Loaded {
				b.Fatal("the rules do not load")
			}
			evaluator, err := e.Evaluator(syscall.SourceName)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				replay(b, evaluator, capture)
			}
			b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func replay(b *testing.B, evaluator *engine.Evaluator, capture []byte) {
	r, err := scap.NewReader(bytes.NewReader(capture), scap.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			b.Fatal(err)
		}
		evaluator.Process(&e.Head, func(*engine.Detection) {})
	}
}
