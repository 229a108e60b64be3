package live_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/identity/hostname"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// watch is a running capture with the rules behind it.
type watch struct {
	t         *testing.T
	capture   *bpf.Capture
	decoder   *syscall.LiveDecoder
	evaluator *engine.Evaluator
	event     syscall.Event
}

// markRule fires for the program that ends a step: when it is seen, everything
// before it has been.
const markRule = `
- rule: Mark of the live tests
  desc: The end of a step.
  condition: evt.type = execve and proc.args startswith lanner-live-mark
  output: mark %proc.args
  priority: DEBUG
`

// lineage is how many ancestors are looked at to find those of the test.
const lineage = 10

// begin captures what the rules look at.
func begin(t *testing.T, files ...rules.File) *watch {
	t.Helper()
	testenv.Root(t)
	files = append(slices.Clone(files), rules.File{Name: "mark", Data: []byte(markRule)})
	eng := engine.New(engine.Options{Config: rules.Config{
		Sources: []field.Source{syscall.Source()},
		Capture: map[string][]string{syscall.SourceName: capturedFields()},
	}})
	if report := eng.Load(files); !report.Loaded {
		t.Fatalf("rules: %v", report.Diagnostics.Err())
	}
	capture, err := bpf.Open(bpf.Config{})
	if errors.Is(err, bpf.ErrUnsupported) {
		testenv.Require(t, false, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := capture.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &watch{t: t, capture: capture, decoder: decoder(t)}
	if w.evaluator, err = eng.Evaluator(syscall.SourceName); err != nil {
		t.Fatal(err)
	}
	if err := capture.SetTypes(eng.Types(syscall.SourceName)); err != nil {
		t.Fatal(err)
	}
	return w
}

// decoder knows the users of the host and the processes that run already.
func decoder(t *testing.T) *syscall.LiveDecoder {
	t.Helper()
	boot, err := bpf.BootTime()
	if err != nil {
		t.Fatal(err)
	}
	threads, users := process.NewTable(process.Options{}), &user.Table{}
	if err := user.NewFiles(users, "", "/").Refresh(); err != nil {
		t.Fatal(err)
	}
	procfs, err := process.OpenProcfs("/proc", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := procfs.Snapshot(threads); err != nil {
		t.Fatal(err)
	}
	host := &syscall.Host{Threads: threads, Users: users, Names: names(), Live: true}
	return syscall.NewLiveDecoder(threads, host, boot)
}

// apiServer is the host name that a rule asks for, and the address that it has
// in these tests.
const (
	apiServer   = "kubernetes.default.svc.cluster.local"
	apiServerIP = "127.0.0.9"
)

// cluster resolves the names of a cluster.
type cluster struct{}

func (cluster) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if host == apiServer {
		return []netip.Addr{netip.MustParseAddr(apiServerIP)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func names() *hostname.Names {
	n := hostname.New(cluster{})
	n.Want([]string{apiServer})
	n.Refresh(context.Background())
	return n
}

func capturedFields() []string {
	names := []string{"proc.pid", "proc.name", "proc.cmdline", "proc.exepath", "fd.name", "container.id", "evt.type", "evt.res", "evt.args"}
	for i := 1; i <= lineage; i++ {
		names = append(names, fmt.Sprintf("proc.apid[%d]", i))
	}
	return names
}

// marks tells steps apart.
var marks atomic.Int64

// patience is how long a step may take before a test fails.
const patience = time.Minute

// during returns what fires for this test's processes while do runs.
func (w *watch) during(do func()) []*engine.Detection {
	w.t.Helper()
	mark := "lanner-live-mark-" + strconv.FormatInt(marks.Add(1), 10)
	read := make(chan reading, 1)
	go func() { read <- w.readUntil(mark) }()
	do()
	if err := exec.Command("/bin/true", mark).Run(); err != nil {
		w.t.Fatal(err)
	}
	r := <-read
	if r.err != nil {
		w.t.Fatal(r.err)
	}
	return slices.DeleteFunc(r.detections, func(d *engine.Detection) bool { return !ours(d) })
}

// reading is what came of reading up to a mark.
type reading struct {
	detections []*engine.Detection
	err        error
}

func (w *watch) readUntil(mark string) (r reading) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		sample, err := w.capture.Read()
		if errors.Is(err, bpf.ErrIdle) {
			continue
		}
		if err != nil {
			return reading{err: err}
		}
		if err := w.decoder.Decode(sample, &w.event); err != nil {
			return reading{err: err}
		}
		seen := false
		w.evaluator.Process(&w.event.Head, func(d *engine.Detection) {
			if d.Output == "mark "+mark {
				seen = true
				return
			}
			r.detections = append(r.detections, d)
		})
		if seen {
			return r
		}
	}
	r.err = errors.New("the mark did not arrive")
	return r
}

// ours tells whether a process that this test started caused a detection: the
// machine has others, and the test itself only prepares.
func ours(d *engine.Detection) bool {
	self := strconv.Itoa(os.Getpid())
	for i := 1; i <= lineage; i++ {
		if d.Field(fmt.Sprintf("proc.apid[%d]", i)).String() == self {
			return true
		}
	}
	return false
}
