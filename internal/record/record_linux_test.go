package record

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// workloadRules match what the workload below does, wherever DIR is.
const workloadRules = `
- rule: File opened
  desc: d
  condition: evt.type in (open, openat, openat2) and fd.name startswith DIR/
  output: "%evt.type %fd.name %proc.name %proc.cmdline %proc.pname %evt.arg.flags"
  priority: INFO
- rule: File read or written
  desc: d
  condition: evt.type in (read, write) and fd.name startswith DIR/
  output: "%evt.type %fd.name %proc.name %evt.rawres"
  priority: INFO
- rule: File removed or renamed
  desc: d
  condition: evt.type in (unlink, unlinkat, rename, renameat, renameat2) and evt.args contains DIR
  output: "%evt.type %proc.name %evt.rawres"
  priority: INFO
- rule: Program started
  desc: d
  condition: evt.type in (execve, execveat) and proc.args contains DIR
  output: "%proc.name %proc.exepath %proc.cmdline %proc.pname %user.name"
  priority: INFO
- rule: Connected
  desc: d
  condition: evt.type = connect and fd.sport = PORT
  output: "%fd.l4proto %fd.sip %fd.sport %proc.name"
  priority: INFO
`

// workload is a script of programs that touch files and connect.
const workload = `
echo one > DIR/a
cat DIR/a > DIR/b
mv DIR/b DIR/c
cd DIR && cat ./c ../$(basename DIR)/a >/dev/null
rm DIR/a DIR/c
cat DIR/missing 2>/dev/null
exec 5<>/dev/tcp/127.0.0.1/PORT
`

// TestReplayDetectsWhatLiveDid records a workload while rules watch it, and wants
// the same rules to say the same of the recording.
func TestReplayDetectsWhatLiveDid(t *testing.T) {
	testenv.Root(t)
	bash, err := exec.LookPath("bash")
	testenv.Require(t, err == nil, "needs bash")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "work")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("DIR", dir, "PORT", port)
	live, replayed := watch(t, fill.Replace(workloadRules)), watch(t, fill.Replace(workloadRules))

	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	cmd := exec.Command(bash, "-c", fill.Replace(workload))
	r, err := Open(Options{Each: func(e *syscall.Event) {
		live.process(e)
		if e.Name() == "procexit" && e.TID == int64(cmd.Process.Pid) {
			stop()
		}
	}})
	if errors.Is(err, bpf.ErrUnsupported) {
		testenv.Require(t, false, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := scap.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := r.Run(ctx, w)
	if err := errors.Join(err, cmd.Wait(), r.Close()); err != nil {
		t.Fatal(err)
	}
	if sum.Lost > 0 {
		t.Skipf("the kernel lost %d events of a busy machine", sum.Lost)
	}
	replayed.capture(&out)
	for _, rule := range []string{"File opened", "File read or written", "File removed or renamed", "Program started", "Connected"} {
		if !slices.ContainsFunc(live.found, func(text string) bool { return strings.HasPrefix(text, rule+": ") }) {
			t.Errorf("%q was not detected live", rule)
		}
	}
	if !slices.Equal(live.found, replayed.found) {
		t.Errorf("live:\n%s\n\nreplayed:\n%s", strings.Join(live.found, "\n"), strings.Join(replayed.found, "\n"))
	}
}

// patience is how long the workload may take.
const patience = 30 * time.Second

// watcher collects what rules detect.
type watcher struct {
	t         *testing.T
	evaluator *engine.Evaluator
	found     []string
}

func watch(t *testing.T, text string) *watcher {
	t.Helper()
	e := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{syscall.Source()}}, Matching: engine.All})
	if report := e.Load([]rules.File{{Name: "workload.yaml", Data: []byte(text)}}); !report.Loaded {
		t.Fatalf("%v", report.Diagnostics)
	}
	evaluator, err := e.Evaluator(syscall.SourceName)
	if err != nil {
		t.Fatal(err)
	}
	return &watcher{t: t, evaluator: evaluator}
}

func (w *watcher) process(e *syscall.Event) {
	w.evaluator.Process(&e.Head, func(d *engine.Detection) {
		w.found = append(w.found, d.Rule.Name+": "+d.Output)
	})
}

func (w *watcher) capture(data io.Reader) {
	w.t.Helper()
	r, err := scap.NewReader(data, scap.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			w.t.Fatal(err)
		}
		w.process(e)
	}
}
