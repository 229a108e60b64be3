package okta

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestCountKeepsToItsSpan(t *testing.T) {
	m := newMFA()
	k := key{denied, "ann"}
	for s := range 10 {
		m.add(k, uint64(s)*uint64(time.Second))
	}
	now := uint64(9 * time.Second)
	for span, want := range map[time.Duration]uint64{time.Nanosecond: 1, time.Second: 1, 3 * time.Second: 3, time.Hour: 10} {
		if got := m.count(k, now, uint64(span)); got != want {
			t.Errorf("%v: %d, want %d", span, got, want)
		}
	}
	if got := m.count(k, uint64(4*time.Second), uint64(time.Hour)); got != 5 {
		t.Errorf("later failures count: %d", got)
	}
	if got := m.count(key{failed, "ann"}, now, uint64(time.Hour)); got != 0 {
		t.Errorf("another kind of failure counts: %d", got)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMFA()
	for i := range maxActors + 10 {
		m.add(key{failed, fmt.Sprint(i)}, uint64(1000+i))
	}
	if len(m.times) != maxActors {
		t.Errorf("%d actors", len(m.times))
	}
	if m.count(key{failed, "0"}, 1<<40, 1<<41) != 0 || m.count(key{failed, fmt.Sprint(maxActors)}, 1<<40, 1<<41) != 1 {
		t.Error("not the oldest was forgotten")
	}
	k := key{failed, "many"}
	for i := range 3 * maxTimes {
		m.add(k, uint64(i))
	}
	if n := m.count(k, 1<<40, 1<<41); n != maxTimes || cap(m.times[k]) > 2*maxTimes {
		t.Errorf("%d times, room for %d", n, cap(m.times[k]))
	}
}

func TestConcurrentUse(t *testing.T) {
	m := newMFA()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				m.add(key{failed, "ann"}, uint64(g*50+i))
				m.count(key{failed, "ann"}, 1000, 1000)
			}
		})
	}
	wg.Wait()
	if n := m.count(key{failed, "ann"}, 1000, 1001); n != maxTimes {
		t.Errorf("%d", n)
	}
}
