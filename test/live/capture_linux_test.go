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
	"github.com/lannersec/lanner/engine/predicate"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/identity/hostname"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// watch is rules that run twice on the same events: as the receiver captures
// them, with what no rule can match left out in the kernel, and without filters.
// What both find must be the same.
type watch struct {
	t        *testing.T
	filtered *side
	plain    *side // nil: only the other
}

// side is a running capture with the rules behind it.
type side struct {
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

// begin captures what the rules look at, with filters and without.
func begin(t *testing.T, files ...rules.File) *watch {
	t.Helper()
	eng := load(t, files...)
	return &watch{t: t, filtered: open(t, eng, true), plain: open(t, eng, false)}
}

// beginFiltered captures with filters only.
func beginFiltered(t *testing.T, files ...rules.File) *watch {
	t.Helper()
	return &watch{t: t, filtered: open(t, load(t, files...), true)}
}

func load(t *testing.T, files ...rules.File) *engine.Engine {
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
	return eng
}

// open captures what the engine's rules look at.
func open(t *testing.T, eng *engine.Engine, filter bool) *side {
	t.Helper()
	capture, err := bpf.Open(bpf.Config{Filter: filter})
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
	if _, refused := capture.Filtering(); refused != nil {
		t.Fatalf("the kernel takes no filters: %v", refused)
	}
	s := &side{capture: capture, decoder: decoder(t)}
	if s.evaluator, err = eng.Evaluator(syscall.SourceName); err != nil {
		t.Fatal(err)
	}
	tables := predicate.Tables(predicate.OfSets(syscall.SourceName, syscall.Known, eng.Set()))
	if err := capture.SetFilters(tables); err != nil {
		t.Fatal(err)
	}
	if err := capture.SetTypes(eng.Types(syscall.SourceName)); err != nil {
		t.Fatal(err)
	}
	return s
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

// detected are fields that tell detections apart.
var detected = []string{"proc.pid", "proc.name", "proc.cmdline", "proc.exepath", "fd.name", "container.id", "evt.type", "evt.res", "evt.args"}

func capturedFields() []string {
	names := slices.Clone(detected)
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
	read := w.filtered.start(mark)
	var all <-chan reading
	if w.plain != nil {
		all = w.plain.start(mark)
	}
	do()
	if err := exec.Command("/bin/true", mark).Run(); err != nil {
		w.t.Fatal(err)
	}
	r := <-read
	if r.err != nil {
		w.t.Fatal(r.err)
	}
	if all != nil {
		w.compare(r, <-all)
	}
	return slices.DeleteFunc(r.detections, func(d *engine.Detection) bool { return !ours(d) })
}

// compare holds what filters leave against what there is.
func (w *watch) compare(filtered, all reading) {
	w.t.Helper()
	if all.err != nil {
		w.t.Fatal(all.err)
	}
	if got, want := found(filtered.detections), found(all.detections); !slices.Equal(got, want) {
		w.t.Errorf("filters change what is detected\nwith:    %q\nwithout: %q", got, want)
	}
}

// found is what this test's detections are about. Times differ from one capture
// to the other.
func found(detections []*engine.Detection) (list []string) {
	for _, d := range detections {
		if !ours(d) {
			continue
		}
		text := d.Rule.Name
		for _, name := range detected {
			text += " " + name + "=" + d.Field(name).String()
		}
		list = append(list, text)
	}
	return list
}

// start reads up to a mark.
func (s *side) start(mark string) <-chan reading {
	read := make(chan reading, 1)
	go func() { read <- s.readUntil(mark) }()
	return read
}

// reading is what came of reading up to a mark.
type reading struct {
	detections []*engine.Detection
	err        error
}

func (s *side) readUntil(mark string) (r reading) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		sample, err := s.capture.Read()
		if errors.Is(err, bpf.ErrIdle) {
			continue
		}
		if err != nil {
			return reading{err: err}
		}
		if err := s.decoder.Decode(sample, &s.event); err != nil {
			return reading{err: err}
		}
		seen := false
		s.evaluator.Process(&s.event.Head, func(d *engine.Detection) {
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
