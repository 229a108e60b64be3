package live_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver"
)

// collected are the records of a running receiver.
type collected struct {
	t    *testing.T
	logs chan plog.Logs
	open []plog.LogRecord // not yet looked at
}

// collect starts the receiver on rules files.
func collect(t *testing.T, files ...string) *collected {
	t.Helper()
	testenv.Root(t)
	c := &collected{t: t, logs: make(chan plog.Logs, 10_000)}
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
		copied := plog.NewLogs()
		logs.CopyTo(copied)
		c.logs <- copied
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	factory := runtimesecurityreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig().(*runtimesecurityreceiver.Config)
	cfg.Rules.Files = files
	cfg.Rules.Reload.Debounce = time.Millisecond
	cfg.Delivery.QueueSize = 1 << 20
	r, err := factory.CreateLogs(t.Context(), receivertest.NewNopSettings(component.MustNewType("runtime_security")), cfg, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// next waits for the next record.
func (c *collected) next() plog.LogRecord {
	c.t.Helper()
	for len(c.open) == 0 {
		select {
		case logs := <-c.logs:
			for _, resource := range logs.ResourceLogs().All() {
				for _, scope := range resource.ScopeLogs().All() {
					for _, rec := range scope.LogRecords().All() {
						c.open = append(c.open, rec)
					}
				}
			}
		case <-time.After(time.Minute):
			c.t.Fatal("there are no more records")
		}
	}
	rec := c.open[0]
	c.open = c.open[1:]
	return rec
}

// background runs a program until the function that it returns is called, which
// gives what the program printed.
func (m *machine) background(name string, args ...string) (end func() string) {
	m.t.Helper()
	cmd := exec.Command(name, args...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	ended := false
	end = func() string {
		if !ended {
			ended = true
			_ = stdin.Close()
			if err := cmd.Wait(); err != nil {
				m.t.Error(err)
			}
		}
		return strings.TrimSpace(out.String())
	}
	m.t.Cleanup(func() { end() })
	return end
}

// markRules has the rule that marked events match, and another one that changes
// with every generation: what has to be captured changes with it.
func markRules(prefix string, generation int) string {
	return fmt.Sprintf(`
- rule: Mark
  desc: A marked event.
  condition: evt.type in (open, openat) and evt.arg.name startswith %q
  output: "%%evt.arg.name %%proc.name %%proc.aname[1] %%proc.aname[2]"
  priority: NOTICE
- rule: Generation %d
  desc: Changes with every reload.
  condition: evt.type = %s and proc.name = nobody
  output: none
  priority: NOTICE
`, prefix, generation, []string{"unlinkat", "close", "socket"}[generation%3])
}

func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// upstreamRules are the reference's rules where the corpus is at hand, and the
// receiver's own.
func upstreamRules(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(os.Getenv("CORPUS"), "rules/upstream/*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("CORPUS") == "" {
		return []string{"embedded:lanner_rules.yaml"}
	}
	return files
}

const reloads = 100

// TestReloadsMissNothing reloads a hundred times, with all of the upstream rules,
// while files are opened and programs started as fast as the machine can, and
// one marked event happens every millisecond: each is detected once, with the
// right names of process and ancestors.
func TestReloadsMissNothing(t *testing.T) {
	m := newMachine(t)
	prefix, path := m.path("mark-"), m.path("marks.yaml")
	replace(t, path, markRules(prefix, 0))
	c := collect(t, append([]string{path}, upstreamRules(t)...)...)

	endStorm := m.background(m.act, "storm")
	endMarks := m.background(m.named("grandparent"), "parent", m.named("parent"), "parent", m.named("marker"), "mark", prefix)
	seen := map[int]int{}
	var took []time.Duration
	for generation := 1; generation <= reloads; generation++ {
		replace(t, path, markRules(prefix, generation))
		for rec := c.next(); ; rec = c.next() {
			if rec.EventName() == "lanner.rules.reload" {
				took = append(took, reloadTime(t, rec, fmt.Sprintf("Generation %d", generation)))
				break
			}
			noteMark(t, rec, prefix, seen)
		}
	}
	marks, err := strconv.Atoi(endMarks())
	if err != nil {
		t.Fatal(err)
	}
	endStorm()
	for seen[marks-1] == 0 {
		noteMark(t, c.next(), prefix, seen)
	}
	var missed, doubled []int
	for n := range marks {
		switch seen[n] {
		case 0:
			missed = append(missed, n)
		case 1:
		default:
			doubled = append(doubled, n)
		}
	}
	if len(missed)+len(doubled) > 0 {
		t.Errorf("%d marked events, missed %v, doubled %v", marks, missed, doubled)
	}
	slices.Sort(took)
	t.Logf("%d reloads, median %v, longest %v; %d marked events", len(took), took[len(took)/2], took[len(took)-1], marks)
}

// noteMark counts a detection of a marked event, and checks what it says.
func noteMark(t *testing.T, rec plog.LogRecord, prefix string, seen map[int]int) {
	t.Helper()
	if rec.EventName() == "lanner.visibility.gap" {
		t.Logf("%s %v", rec.Body().Str(), rec.Attributes().AsRaw())
	}
	words := strings.Fields(rec.Body().Str())
	if rec.EventName() != "lanner.rule.match" || !strings.HasPrefix(words[0], prefix) {
		return
	}
	n, err := strconv.Atoi(strings.TrimPrefix(words[0], prefix))
	if err != nil {
		t.Fatal(err)
	}
	seen[n]++
	if want := []string{"marker", "parent", "grandparent"}; !slices.Equal(words[1:], want) {
		t.Errorf("mark %d is of %v, want %v", n, words[1:], want)
	}
}

// reloadTime checks that a reload added a rule, and says what it took.
func reloadTime(t *testing.T, rec plog.LogRecord, added string) time.Duration {
	t.Helper()
	attrs := rec.Attributes().AsRaw()
	if fmt.Sprint(attrs["lanner.reload.rules.added"]) != "["+added+"]" {
		t.Fatalf("reload: %v", attrs)
	}
	return time.Duration(attrs["lanner.reload.duration"].(float64) * float64(time.Second))
}
