package live_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/engine"
	enginerules "github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/rules"
)

const readsInFlood = 100

// TestFlood: while two threads open and close files as fast as they can, each of
// a hundred reads of /etc/shadow is detected, and the flood stays in the kernel.
func TestFlood(t *testing.T) {
	t.Run("default rules", func(t *testing.T) {
		data, err := fs.ReadFile(rules.FS, rules.Default)
		if err != nil {
			t.Fatal(err)
		}
		testFlood(t, enginerules.File{Name: rules.Default, Data: data})
	})
	t.Run("stable rules", func(t *testing.T) {
		corpus := os.Getenv("CORPUS")
		if corpus == "" {
			t.Skip("the reference's rules are in the corpus: set CORPUS=dir")
		}
		name := filepath.Join(corpus, "rules/upstream/falco_rules.yaml")
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		testFlood(t, enginerules.File{Name: name, Data: data})
	})
}

func testFlood(t *testing.T, file enginerules.File) {
	w, m := beginFiltered(t, file), newMachine(t)
	flood := exec.Command(m.act, "flood", "/dev/null")
	if err := flood.Start(); err != nil {
		t.Fatal(err)
	}
	detections := w.during(func() {
		for range readsInFlood {
			m.run("/bin/cat", "/etc/shadow")
		}
	})
	if err := flood.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = flood.Wait() // it was killed
	reads := 0
	for _, d := range detections {
		if isShadowRead(d) {
			reads++
		}
	}
	if reads != readsInFlood {
		t.Errorf("%d of %d reads detected", reads, readsInFlood)
	}
	w.filtered.checkFlood(t)
}

func isShadowRead(d *engine.Detection) bool {
	return d.Field("proc.name").String() == "cat" && d.Field("fd.name").String() == "/etc/shadow"
}

// At most one in a thousand opens of the flood may leave the kernel, and the
// reads with what the programs open that they start.
const (
	mostSent     = 1000
	opensOfReads = 10 * readsInFlood
)

// checkFlood looks at the counters of calls that open and close.
func (s *side) checkFlood(t *testing.T) {
	t.Helper()
	stats, err := s.capture.Stats()
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range stats.Calls {
		if call.Dropped() > 0 {
			t.Errorf("%s: %d dropped", call.Name, call.Dropped())
		}
		if call.Name == "openat" {
			t.Logf("openat: %d sent, %d filtered", call.Sent, call.Filtered)
			if call.Filtered == 0 || call.Sent > call.Filtered/mostSent+opensOfReads {
				t.Errorf("%d calls of openat were sent, %d filtered", call.Sent, call.Filtered)
			}
		}
	}
}
