package container

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Options configure a Directory. The zero value of each means its default.
type Options struct {
	Sockets []Socket
	Timeout time.Duration // of one question to a runtime; 1 s
	Size    int           // containers that are remembered; 4096
	// Report is told when a runtime begins to answer (err is nil), and when it
	// ends to or cannot be reached. It may be called by several goroutines.
	Report func(s Socket, name string, err error)
	// Seen is told of processes in a container until its users are known; it
	// must not wait. It calls done when they are, or cannot be: events wait for
	// that too. May be nil.
	Seen func(i *Info, pid int64, done func(known bool))
	// Gone is told of containers that are forgotten; it must not wait. May be nil.
	Gone func(i *Info)
}

// Defaults of Options.
const (
	DefaultTimeout = time.Second
	DefaultSize    = 4096
)

func (o *Options) fill() {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Size <= 0 {
		o.Size = DefaultSize
	}
	if o.Report == nil {
		o.Report = func(Socket, string, error) {}
	}
}

// Directory knows the containers of a host: by the events of their runtimes,
// and by asking where there were none. It asks in the background; Keep and
// Info.Latest are for the path of events and never wait.
type Directory struct {
	opts      Options
	runtimes  []*runtime
	questions chan string
	stats     counters
	cancel    context.CancelFunc
	running   sync.WaitGroup

	mu      sync.RWMutex
	entries map[string]*entry // by full id
	closed  bool
}

// entry is a container in the Directory.
type entry struct {
	info     *Info
	tries    int
	used     time.Time // when it was kept or changed last
	asked    bool      // a question is on its way, or will be
	again    bool      // it changed while it was asked
	timer    *time.Timer
	stranger bool // nobody knows it: not asked again until something happens
	seen     bool // a process in it was
}

// Stats counts what a Directory did.
type Stats struct {
	Containers int64             // remembered now
	Unknown    int64             // of these, without metadata
	Lookups    map[string]uint64 // questions by what came of them
	Evicted    uint64            // containers forgotten to make room
	Duration   time.Duration     // of all questions together
	Runtimes   map[Socket]bool   // whether each answers
}

// Outcomes of look-ups.
const (
	outcomeFound = iota
	outcomeNotFound
	outcomeFailed
	outcomeRefused // the queue of questions was full
	outcomes
)

var outcomeNames = [outcomes]string{"found", "not_found", "failed", "refused"}

type counters struct {
	lookups  [outcomes]atomic.Uint64
	evicted  atomic.Uint64
	duration atomic.Int64
}

// workers is how many questions are asked at a time.
const workers = 4

// maxQuestions bounds how many questions wait.
const maxQuestions = 1024

// Open starts to look for the runtimes and returns at once. Close ends it.
func Open(opts Options) *Directory { return open(opts, Socket.dial) }

func open(opts Options, dial func(Socket) (client, error)) *Directory {
	opts.fill()
	ctx, cancel := context.WithCancel(context.Background())
	d := &Directory{opts: opts, cancel: cancel, questions: make(chan string, maxQuestions), entries: map[string]*entry{}}
	for _, socket := range opts.Sockets {
		d.runtimes = append(d.runtimes, &runtime{socket: socket, dial: dial, directory: d})
	}
	for _, r := range d.runtimes {
		d.running.Go(func() { r.run(ctx) })
	}
	for range workers {
		d.running.Go(func() { d.work(ctx) })
	}
	return d
}

// Close ends all questions. What was learnt stays.
func (d *Directory) Close() {
	d.cancel()
	d.mu.Lock()
	d.closed = true
	for _, e := range d.entries {
		e.stop()
	}
	d.mu.Unlock()
	d.running.Wait()
}

func (e *entry) stop() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

// Keep returns what the Directory knows of the container that i is about, which
// the process pid is in. Where it knows nothing yet it begins to ask. It does not
// wait for an answer.
func (d *Directory) Keep(i *Info, pid int64) *Info {
	if i.wait != nil || i.IsHost() {
		return i.Latest()
	}
	return d.keep(i, pid)
}

func (d *Directory) keep(i *Info, pid int64) *Info {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.entries[i.FullID]
	if e == nil {
		e = d.add(&Info{ID: i.ID, FullID: i.FullID, Type: i.Type, Search: Searching})
	}
	if !e.info.Known && e.info.Type == "" && i.Type != "" { // a runtime told of the id only
		d.replace(e, &Info{ID: i.ID, FullID: i.FullID, Type: i.Type, Search: e.info.Search})
	}
	e.used = time.Now()
	d.seen(e, pid)
	d.ask(i.FullID, e)
	return e.info
}

// Started notes that a program started in a container, in the process pid: its
// files show who the container's users are.
func (d *Directory) Started(i *Info, pid int64) {
	if i.wait == nil || i.wait.named.Load() || d.opts.Seen == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.entries[i.FullID]; e != nil && e.info.wait == i.wait {
		d.seen(e, pid)
	}
}

// seen has the users of a container read, the first time for the events that
// wait.
func (d *Directory) seen(e *entry, pid int64) {
	w := e.info.wait
	if d.opts.Seen == nil || w.named.Load() {
		return
	}
	if !e.seen {
		e.seen = true
		w.accounts.Store(true)
	}
	d.opts.Seen(e.info, pid, func(known bool) {
		if known {
			w.named.Store(true)
		}
		w.accounts.Store(false)
	})
}

// add makes an entry, and room for it.
func (d *Directory) add(info *Info) *entry {
	for len(d.entries) >= d.opts.Size {
		d.evict()
	}
	e := &entry{info: info}
	info.wait = &wait{}
	switch {
	case info.Known:
	case !isFullID(info.FullID): // a name: what has one is no container of these runtimes
		info.Search, e.stranger, e.tries = NotFound, true, maxTries
	case !d.reachable():
		info.Search = NoRuntime
	}
	d.entries[info.FullID] = e
	return e
}

// evictionSample is how many entries are looked at to find one to evict.
const evictionSample = 16

// evict forgets the container that was silent longest among a random sample,
// those without metadata first: a runtime tells of the others again.
func (d *Directory) evict() {
	var oldest *Info
	var silent *entry
	seen := 0
	for _, e := range d.entries { // a map is walked in random order
		if silent == nil || e.info.Known == silent.info.Known && e.used.Before(silent.used) || !e.info.Known && silent.info.Known {
			oldest, silent = e.info, e
		}
		if seen++; seen == evictionSample {
			break
		}
	}
	d.drop(oldest.FullID)
	d.stats.evicted.Add(1)
}

func (d *Directory) drop(id string) {
	if e := d.entries[id]; e != nil {
		e.stop()
		delete(d.entries, id)
		if d.opts.Gone != nil {
			d.opts.Gone(e.info)
		}
	}
}

// learn puts what a runtime answered in the place of what was known.
func (d *Directory) learn(info *Info) {
	info.Known = true
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.entries[info.FullID]
	if e == nil {
		e = d.add(info)
	}
	d.replace(e, info)
	e.used, e.tries, e.stranger = time.Now(), 0, false
}

// replace makes info the newest of an entry, for all who hold the older one.
func (d *Directory) replace(e *entry, info *Info) {
	old := e.info
	e.info = info
	if old != info {
		info.wait = old.wait
		old.next.Store(info)
	}
}

// unknown notes why there is nothing to know of a container.
func (d *Directory) unknown(e *entry, why Search) {
	if i := e.info; !i.Known && i.Search != why {
		d.replace(e, &Info{ID: i.ID, FullID: i.FullID, Type: i.Type, Search: why})
		if why == Searching { // there is something new to wait for
			i.wait.over.Store(false)
		}
	}
}

// forgetAfter is how long a container that is gone is remembered: events of
// its last moments are still on their way.
const forgetAfter = 30 * time.Second

// forget drops a container that is gone, after a while.
func (d *Directory) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.entries[id]
	if e == nil || d.closed {
		return
	}
	e.stop()
	e.timer = time.AfterFunc(forgetAfter, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.entries[id] == e {
			d.drop(id)
		}
	})
}

// Stats may be called from any goroutine.
func (d *Directory) Stats() Stats {
	s := Stats{
		Lookups: map[string]uint64{}, Runtimes: map[Socket]bool{},
		Evicted: d.stats.evicted.Load(), Duration: time.Duration(d.stats.duration.Load()),
	}
	for i, name := range outcomeNames {
		s.Lookups[name] = d.stats.lookups[i].Load()
	}
	for _, r := range d.runtimes {
		s.Runtimes[r.socket] = r.connected() != nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	s.Containers = int64(len(d.entries))
	for _, e := range d.entries {
		if !e.info.Known {
			s.Unknown++
		}
	}
	return s
}

// Each calls f for all containers that are known, in no order. f must not use
// the Directory.
func (d *Directory) Each(f func(*Info)) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, e := range d.entries {
		f(e.info)
	}
}
