package engine_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/internal/fake"
)

// TestReloadMissesNothing reloads a hundred times while several goroutines
// match events, and wants one detection for every event.
func TestReloadMissesNothing(t *testing.T) {
	h := newHarness(t, engine.Options{}, rule("r0", "evt.type = open"))
	const readers, reloads = 3, 100
	stop := make(chan struct{})
	matches := make([]int, readers)
	events := make([]int, readers)
	var wg sync.WaitGroup
	for i := range readers {
		v, err := h.Evaluator("syscall")
		if err != nil {
			t.Fatal(err)
		}
		ev := h.event("open", fake.Values{"fd.name": text("/a")})
		wg.Go(func() {
			for {
				select {
				case <-stop:
					v.Flush()
					return
				default:
				}
				events[i]++
				v.Process(ev, func(*engine.Detection) { matches[i]++ })
			}
		})
	}
	for n := range reloads {
		h.load(rule(fmt.Sprintf("r%d", n+1), "evt.type = open"), rule("other", "evt.type = close"))
	}
	close(stop)
	wg.Wait()
	total := 0
	for i := range readers {
		if events[i] != matches[i] {
			t.Errorf("%d events, %d detections", events[i], matches[i])
		}
		total += events[i]
	}
	if got := h.Stats().Events["syscall"]["open"]; got != uint64(total) {
		t.Errorf("%d events counted, %d were processed", got, total)
	}
}
