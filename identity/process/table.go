package process

import "sync/atomic"

// DefaultMaxThreads bounds a table where Options leave it open.
const DefaultMaxThreads = 262144

// Options configure a Table.
type Options struct {
	MaxThreads int // 0: DefaultMaxThreads
}

// Table holds the threads of a host.
type Table struct {
	threads map[int64]*Thread
	groups  map[int64]*Group
	max     int
	last    *Thread // answer of the last look-up
	leaving int64   // tid that exited and goes at the next event; 0 for none
	stats   counters
}

// Stats counts what happened to a table.
type Stats struct {
	Threads    uint64 // in the table now
	Added      uint64
	Removed    uint64
	Evicted    uint64 // removed to make room
	Healed     uint64 // unknown threads made from the identity of an event
	Replaced   uint64 // entries whose tid was seen to belong to another process
	FDsRefused uint64 // descriptors that found a full table
}

type counters struct {
	threads, added, removed, evicted, healed, replaced, fdsRefused atomic.Uint64
}

// NewTable makes an empty table.
func NewTable(opts Options) *Table {
	if opts.MaxThreads <= 0 {
		opts.MaxThreads = DefaultMaxThreads
	}
	return &Table{
		threads: map[int64]*Thread{},
		groups:  map[int64]*Group{},
		max:     opts.MaxThreads,
	}
}

// Stats may be called from any goroutine.
func (t *Table) Stats() Stats {
	return Stats{
		Threads:    t.stats.threads.Load(),
		Added:      t.stats.added.Load(),
		Removed:    t.stats.removed.Load(),
		Evicted:    t.stats.evicted.Load(),
		Healed:     t.stats.healed.Load(),
		Replaced:   t.stats.replaced.Load(),
		FDsRefused: t.stats.fdsRefused.Load(),
	}
}

// RefusedFD counts a descriptor that a full FDTable had no room for.
func (t *Table) RefusedFD() { t.stats.fdsRefused.Add(1) }

// Len is the number of threads.
func (t *Table) Len() int { return len(t.threads) }

// Get is the thread tid, or nil.
func (t *Table) Get(tid int64) *Thread {
	if t.last != nil && t.last.TID == tid {
		return t.last
	}
	th := t.threads[tid]
	if th != nil {
		t.last = th
	}
	return th
}

// Group is the thread group pid, or nil.
func (t *Table) Group(pid int64) *Group { return t.groups[pid] }

// Each calls f for all threads, in no order, until f returns false. f must not
// add or remove threads.
func (t *Table) Each(f func(*Thread) bool) {
	for _, th := range t.threads {
		if !f(th) {
			return
		}
	}
}

// NewThread is an empty thread to fill and Add.
func NewThread(tid int64) *Thread {
	return &Thread{
		TID: tid, PID: -1, PTID: -1, VTID: -1, VPID: -1, SID: -1, VPGID: -1, PGID: -1,
		LoginUID: NoLoginUID, ReaperID: -1, LastFD: -1,
	}
}

// Add puts th into the table, in place of an entry with its tid, and links it
// with its process and parent. Where the table is full another thread goes.
func (t *Table) Add(th *Thread) {
	if old := t.threads[th.TID]; old != nil {
		t.unlink(old)
	} else {
		t.makeRoom()
	}
	t.insert(th)
	t.link(th)
}

// AddUnlinked is Add for a snapshot, in which children may come before their
// parents: LinkAll follows.
func (t *Table) AddUnlinked(th *Thread) {
	if old := t.threads[th.TID]; old != nil {
		t.unlink(old)
	} else {
		t.makeRoom()
	}
	t.insert(th)
}

// LinkAll links all threads that AddUnlinked left alone.
func (t *Table) LinkAll() {
	for _, th := range t.threads {
		if th.group == nil {
			t.join(th)
		}
	}
	for _, th := range t.threads {
		if th.parent == nil {
			t.adopt(th)
		}
	}
	for _, th := range t.threads {
		t.share(th)
	}
}

func (t *Table) insert(th *Thread) {
	t.threads[th.TID] = th
	t.last = nil
	t.stats.added.Add(1)
	t.stats.threads.Store(uint64(len(t.threads)))
}

// erase takes th out of the table and out of every list.
func (t *Table) erase(th *Thread) {
	t.unlink(th)
	delete(t.threads, th.TID)
	t.last = nil
	th.bury()
	t.stats.removed.Add(1)
	t.stats.threads.Store(uint64(len(t.threads)))
}

// evictionSample is how many threads are looked at to find one to evict.
const evictionSample = 32

// makeRoom evicts the thread that was silent longest among a random sample of
// those without children, when the table is full.
func (t *Table) makeRoom() {
	if len(t.threads) < t.max {
		return
	}
	var oldest *Thread
	seen := 0
	for _, th := range t.threads { // a map is walked in random order
		if oldest == nil || better(th, oldest) {
			oldest = th
		}
		if seen++; seen == evictionSample {
			break
		}
	}
	t.Remove(oldest.TID)
	if t.threads[oldest.TID] != nil { // a leader with living threads stays as a dead one
		t.erase(oldest)
	}
	t.stats.evicted.Add(1)
}

// better tells whether a is to be evicted rather than b.
func better(a, b *Thread) bool {
	if (a.children.live == 0) != (b.children.live == 0) {
		return a.children.live == 0
	}
	return a.LastSeen < b.LastSeen
}
