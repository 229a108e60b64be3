package container

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeRuntime is a runtime that a test commands. It belongs to a bubble of
// synctest, whose time it takes.
type fakeRuntime struct {
	mu      sync.Mutex
	has     map[string]bool
	asked   map[string]int
	silent  bool // does not answer questions
	away    bool // does not answer at all
	quiet   bool // sends no events
	events  listener
	hangUp  chan struct{}
	dialled int
}

func newFakeRuntime() *fakeRuntime {
	return &fakeRuntime{has: map[string]bool{}, asked: map[string]int{}}
}

func (f *fakeRuntime) dial(Socket) (client, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dialled++
	return f, nil
}

func (f *fakeRuntime) hello(context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away {
		return "", errors.New("connection refused")
	}
	return "fake 1.0", nil
}

func (f *fakeRuntime) lookup(ctx context.Context, id string) (*Info, error) {
	f.mu.Lock()
	f.asked[id]++
	has, silent := f.has[id], f.silent
	f.mu.Unlock()
	if silent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if !has {
		return nil, ErrNotFound
	}
	return &Info{ID: ShortID(id), FullID: id, Name: "web", Type: Containerd}, nil
}

func (f *fakeRuntime) list(_ context.Context, found func(string)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id := range f.has {
		found(id)
	}
	return nil
}

func (f *fakeRuntime) follow(ctx context.Context, events listener) error {
	if f.quiet {
		return errNoEvents
	}
	f.mu.Lock()
	f.events = events
	hangUp := make(chan struct{}) // of the bubble
	f.hangUp = hangUp
	f.mu.Unlock()
	events.ready()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-hangUp:
		return errors.New("connection reset")
	}
}

func (f *fakeRuntime) close() error { return nil }

// create makes a container, of which the runtime tells.
func (f *fakeRuntime) create(id string) {
	f.set(id)
	f.events.changed(id)
}

func (f *fakeRuntime) set(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.has[id] = true
}

// stop ends the connection; start lets the next one succeed.
func (f *fakeRuntime) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = true
	close(f.hangUp)
}

func (f *fakeRuntime) start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = false
}

func testID(n int) string { return fmt.Sprintf("%064x", n) }

func seen(n int) *Info { return &Info{ID: ShortID(testID(n)), FullID: testID(n), Type: Containerd} }

// inBubble runs a test with a Directory of one fake runtime that is connected.
func inBubble(t *testing.T, opts Options, f *fakeRuntime, test func(*testing.T, *Directory)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		opts.Sockets = []Socket{{KindCRI, "/run/fake.sock"}}
		d := open(opts, f.dial)
		defer d.Close()
		synctest.Wait()
		test(t, d)
	})
}

func TestKnownBeforeTheFirstProcess(t *testing.T) {
	f := newFakeRuntime()
	f.set(testID(1)) // before we came
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		f.create(testID(2)) // while we are here
		synctest.Wait()
		for n := 1; n <= 2; n++ {
			if got := d.Keep(seen(n), 1); !got.Known || got.Name != "web" || got.Awaited() {
				t.Errorf("container %d: %+v", n, got)
			}
		}
	})
}

func TestAnswerComesLater(t *testing.T) {
	f := newFakeRuntime()
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		first := d.Keep(seen(1), 1)
		if first.Known || !first.Awaited() {
			t.Fatalf("%+v", first)
		}
		time.Sleep(25 * time.Millisecond) // the runtime does not have it yet
		f.set(testID(1))
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		if got := first.Latest(); !got.Known || got.Awaited() {
			t.Errorf("%+v", got)
		}
		if got := d.Keep(seen(1), 1); got != first.Latest() {
			t.Error("another process of the container sees another Info")
		}
		if got := f.asked[testID(1)]; got < 2 || got > 5 {
			t.Errorf("asked %d times", got)
		}
	})
}

func TestNobodyKnows(t *testing.T) {
	f := newFakeRuntime()
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		first := d.Keep(seen(1), 1)
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if got := first.Latest(); got.Search != NotFound || got.Awaited() {
			t.Errorf("%+v", got)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := f.asked[testID(1)]; got != maxTries {
			t.Errorf("asked %d times in an hour, want %d", got, maxTries)
		}
		f.create(testID(1))
		synctest.Wait()
		if !first.Latest().Known {
			t.Error("a container that the runtime tells of later stays unknown")
		}
	})
}

func TestNoRuntime(t *testing.T) {
	f := newFakeRuntime()
	f.away = true
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		first := d.Keep(seen(1), 1)
		if first.Search != NoRuntime || first.Awaited() {
			t.Fatalf("%+v", first)
		}
		f.set(testID(1))
		f.start()
		time.Sleep(2 * lastReconnect)
		synctest.Wait()
		if !first.Latest().Known {
			t.Error("a runtime that comes later is not asked")
		}
	})
}

func TestNamesAreNotAsked(t *testing.T) {
	f := newFakeRuntime()
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		got := d.Keep(&Info{ID: "web", FullID: "web", Type: LXC}, 1)
		synctest.Wait()
		if got.Search != NotFound || f.asked["web"] > 0 {
			t.Errorf("%+v, asked %d times", got, f.asked["web"])
		}
	})
}

func TestRuntimeRestart(t *testing.T) {
	f := newFakeRuntime()
	f.set(testID(1))
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		f.stop()
		synctest.Wait()
		if got := d.Keep(seen(1), 1); !got.Known {
			t.Error("what was known is forgotten")
		}
		second := d.Keep(seen(2), 1)
		if !second.Awaited() {
			t.Errorf("a runtime that has just gone is not expected back: %+v", second)
		}
		f.set(testID(2))
		f.start()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !second.Latest().Known {
			t.Error("unknown after the restart")
		}
		f.create(testID(3))
		synctest.Wait()
		if !d.Keep(seen(3), 1).Known {
			t.Error("events are not followed after the restart")
		}
	})
}

func TestSilentRuntime(t *testing.T) {
	f := newFakeRuntime()
	f.silent = true
	inBubble(t, Options{Timeout: 100 * time.Millisecond}, f, func(t *testing.T, d *Directory) {
		for n := range 2 * maxQuestions {
			d.Keep(seen(n), 1)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		stats := d.Stats()
		if stats.Lookups["failed"] == 0 || stats.Lookups["failed"] > 200 {
			t.Errorf("%d questions without an answer in a minute", stats.Lookups["failed"])
		}
		if stats.Lookups["refused"] == 0 {
			t.Error("a full queue is not counted")
		}
		f.silent = false
		f.create(testID(0))
		time.Sleep(2 * muteFor)
		synctest.Wait()
		if !d.Keep(seen(0), 1).Known {
			t.Error("it answers again, and is not asked")
		}
	})
}

func TestPolledRuntime(t *testing.T) {
	f := newFakeRuntime()
	f.quiet = true
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		f.set(testID(1))
		time.Sleep(2 * pollEvery)
		synctest.Wait()
		if !d.Keep(seen(1), 1).Known {
			t.Error("unknown")
		}
	})
}

func TestDirectoryIsBounded(t *testing.T) {
	var gone []string
	f := newFakeRuntime()
	opts := Options{Size: 8, Gone: func(i *Info) { gone = append(gone, i.FullID) }}
	inBubble(t, opts, f, func(t *testing.T, d *Directory) {
		for n := range 20 {
			d.Keep(seen(n), 1)
		}
		if stats := d.Stats(); stats.Containers != 8 || stats.Evicted != 12 || len(gone) != 12 {
			t.Errorf("%+v, told of %d", stats, len(gone))
		}
	})
}

func TestGoneContainersAreForgotten(t *testing.T) {
	f := newFakeRuntime()
	f.set(testID(1))
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		f.events.gone(testID(1))
		synctest.Wait()
		if !d.Keep(seen(1), 1).Known {
			t.Error("forgotten while its last events are on their way")
		}
		time.Sleep(forgetAfter)
		synctest.Wait()
		if n := d.Stats().Containers; n != 0 {
			t.Errorf("%d containers", n)
		}
	})
}

func TestUsersAreAwaited(t *testing.T) {
	var done func(bool)
	visits := 0
	f := newFakeRuntime()
	f.set(testID(1))
	opts := Options{Seen: func(_ *Info, _ int64, d func(bool)) { visits++; done = d }}
	inBubble(t, opts, f, func(t *testing.T, d *Directory) {
		i := d.Keep(seen(1), 1)
		if !i.Known || !i.Awaited() {
			t.Fatalf("%+v", i)
		}
		d.Started(i, 2)
		if visits != 2 {
			t.Errorf("%d visits", visits)
		}
		done(true)
		d.Started(i, 3)
		if i.Awaited() || visits != 2 {
			t.Errorf("awaited %v, %d visits", i.Awaited(), visits)
		}
	})
}

func TestWaitOnce(t *testing.T) {
	f := newFakeRuntime()
	f.silent = true
	inBubble(t, Options{}, f, func(t *testing.T, d *Directory) {
		i := d.Keep(seen(1), 1)
		i.WaitNoMore()
		if d.Keep(seen(1), 1).Awaited() {
			t.Error("a container is waited for twice")
		}
	})
}

func TestKeepDoesNotAllocate(t *testing.T) {
	d := open(Options{}, nil)
	defer d.Close()
	i := d.Keep(seen(1), 1)
	if n := testing.AllocsPerRun(100, func() { i = d.Keep(i, 1); d.Keep(Host, 1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkKeep(b *testing.B) {
	d := open(Options{}, nil)
	defer d.Close()
	i := d.Keep(seen(1), 1)
	for b.Loop() {
		i = d.Keep(i, 1)
	}
}

func TestReport(t *testing.T) {
	var mu sync.Mutex
	var told []string
	f := newFakeRuntime()
	opts := Options{Report: func(_ Socket, name string, err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, fmt.Sprintf("%s %v", name, err))
	}}
	inBubble(t, opts, f, func(t *testing.T, _ *Directory) {
		f.stop()
		time.Sleep(10 * time.Second)
		f.start()
		time.Sleep(2 * lastReconnect)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if got := strings.Join(told, "; "); got != "fake 1.0 <nil>; fake 1.0 connection reset; fake 1.0 <nil>" {
			t.Errorf("told %s", got)
		}
	})
}
