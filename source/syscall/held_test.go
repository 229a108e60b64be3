package syscall

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

// waiting is a Held with a directory in which containers are known when the test
// says so.
type waiting struct {
	*Held
	directory *container.Directory
	done      map[string]func(bool)
	events    int
}

func newWaiting(t *testing.T, wait time.Duration, limit int) *waiting {
	t.Helper()
	w := &waiting{done: map[string]func(bool){}}
	w.Held = NewHeld(wait, limit, func(id event.TypeID) bool { return id != TypeClose })
	w.directory = container.Open(container.Options{
		Seen: func(i *container.Info, _ int64, done func(bool)) { w.done[i.ID] = done },
	})
	t.Cleanup(w.directory.Close)
	return w
}

// event is an event by a process in a container, "" for the host's.
func (w *waiting) event(id string) *Event {
	w.events++
	e := &Event{Host: &Host{}}
	e.Reset(&schema[EvOpenX])
	e.Head.Num = uint64(w.events)
	e.Thread = process.NewThread(7)
	e.Thread.PID, e.Thread.PTID = 7, 1
	if id != "" {
		e.Thread.Container = w.directory.Keep(&container.Info{ID: id, FullID: id}, 7)
	}
	return e
}

// known lets a container be known.
func (w *waiting) known(id string) { w.done[id](true) }

// take takes an event of a container, which must wait.
func (w *waiting) take(t *testing.T, id string) {
	t.Helper()
	if !w.Take(w.event(id)) {
		t.Fatalf("event %d of %q does not wait", w.events, id)
	}
}

// rest are the numbers of the events that need not wait.
func (w *waiting) rest() []uint64 {
	var nums []uint64
	for e := w.Next(); e != nil; e = w.Next() {
		nums = append(nums, e.Head.Num)
	}
	return nums
}

func (w *waiting) expect(t *testing.T, want ...uint64) {
	t.Helper()
	if got := w.rest(); !slices.Equal(got, want) {
		t.Errorf("events %v go on, want %v", got, want)
	}
}

func TestHeldKeepsOrder(t *testing.T) {
	w := newWaiting(t, time.Hour, 100)
	w.take(t, "a")
	w.take(t, "b")
	w.take(t, "a")
	if w.Take(w.event("")) {
		t.Error("the host waits")
	}
	w.expect(t)
	w.known("a")
	w.take(t, "a") // known, but behind those that waited
	w.expect(t, 1, 3, 5)
	if w.Take(w.event("a")) {
		t.Error("a known container waits")
	}
	w.known("b")
	w.expect(t, 2)
	if stats := w.Stats(); !w.Empty() || stats.Waiting != 0 || stats.Ended["unknown"] == 0 {
		t.Errorf("%+v", stats)
	}
}

func TestHeldForSoLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWaiting(t, 500*time.Millisecond, 100)
		w.take(t, "a")
		time.Sleep(499 * time.Millisecond)
		w.take(t, "a")
		w.expect(t)
		time.Sleep(time.Millisecond)
		w.expect(t, 1, 2)
		if w.Take(w.event("a")) {
			t.Error("a container waits twice")
		}
		if n := w.Stats().Ended["timeout"]; n != 2 {
			t.Errorf("%d events timed out, want 2", n)
		}
		w.directory.Close()
	})
}

func TestHeldOverflow(t *testing.T) {
	w := newWaiting(t, time.Hour, 4)
	w.take(t, "quiet")
	for range 4 {
		w.take(t, "loud")
	}
	w.expect(t, 2, 3, 4, 5)
	if w.Take(w.event("loud")) {
		t.Error("the container that sent too much still waits")
	}
	w.known("quiet")
	w.expect(t, 1)
	if n := w.Stats().Ended["overflow"]; n != 4 {
		t.Errorf("%d events overflowed, want 4", n)
	}
}

func TestHeldAtTheEnd(t *testing.T) {
	w := newWaiting(t, time.Hour, 100)
	w.take(t, "a")
	w.take(t, "b")
	w.Expire()
	w.expect(t, 1, 2)
}

func TestHeldOnlyForRules(t *testing.T) {
	w := newWaiting(t, time.Hour, 100)
	e := w.event("a")
	e.Reset(&schema[EvCloseX])
	e.Thread = w.event("a").Thread
	if w.Take(e) {
		t.Error("an event that no rule is about waits")
	}
	if off := NewHeld(0, 100, nil); off.Take(w.event("a")) {
		t.Error("an event waits although waiting is off")
	}
}

// Copies do not see what becomes of the memory that they were copied from, nor
// of each other.
func TestHeldCopies(t *testing.T) {
	w := newWaiting(t, time.Hour, 100)
	const rounds = 40
	for n := range rounds {
		sample := []byte(fmt.Sprintf("/etc/file-%02d\x00", n))
		e := w.event("a")
		e.AddParam([]byte{1, 0, 0, 0, 0, 0, 0, 0})
		e.AddParam(sample)
		e.AddParam([]byte{})
		e.FD = &process.FD{Num: 1, Name: alias(sample[:len(sample)-1])}
		e.Thread.SetComm("before")
		if !w.Take(e) {
			t.Fatal("it does not wait")
		}
		clear(sample)
		e.Thread.SetComm("after")
	}
	w.known("a")
	for n := range rounds {
		e := w.Next()
		want := fmt.Sprintf("/etc/file-%02d", n)
		if e.Text(1) != want || e.FD.Name != want || e.Thread.Comm != "before" {
			t.Fatalf("event %d: %q %q %q", n, e.Text(1), e.FD.Name, e.Thread.Comm)
		}
		if e.params[2] == nil || e.nparams != 3 {
			t.Errorf("event %d: an empty parameter is none, or there are more", n)
		}
	}
}

func TestHeldPathDoesNotAllocate(t *testing.T) {
	w := newWaiting(t, time.Hour, 100)
	host, inside := w.event(""), w.event("a")
	w.known("a")
	if n := testing.AllocsPerRun(100, func() { w.Take(host); w.Take(inside); w.Next() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHeld(b *testing.B) {
	w := &waiting{Held: NewHeld(time.Hour, 1<<30, func(event.TypeID) bool { return true }), done: map[string]func(bool){}}
	w.directory = container.Open(container.Options{Seen: func(i *container.Info, _ int64, done func(bool)) { w.done[i.ID] = done }})
	defer w.directory.Close()
	e := w.event("a")
	for b.Loop() {
		w.Take(e)
		if w.size == 1000 {
			b.StopTimer()
			w.Expire()
			w.rest()
			e = w.event(fmt.Sprint(w.events))
			b.StartTimer()
		}
	}
}
