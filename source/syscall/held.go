package syscall

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/process"
)

// Held are copies of events whose container is not known yet. Rules are
// evaluated on them when it is, so that conditions see it as well as outputs.
// The events of a container stay in their order; those of others go on.
//
// A Held belongs to the goroutine that reads events, except for its counters.
type Held struct {
	wants    func(event.TypeID) bool
	wait     time.Duration
	limit    int
	lines    []*line
	size     int
	free     []*Event
	copies   process.Snapshots
	released *line // the line that Next took from
	stats    heldCounters
}

// line are the events of one container, in their order.
type line struct {
	container *container.Info
	events    []*Event
	since     time.Time
	overflow  bool
}

// HeldStats counts what happened to events that waited.
type HeldStats struct {
	Waiting int64
	Ended   map[string]uint64 // how waits ended
}

// Ends of a wait.
const (
	endKnown    = iota // the container is known
	endUnknown         // nobody can tell of it
	endTimeout         // the time was over
	endOverflow        // too many events waited
	ends
)

var endNames = [ends]string{"known", "unknown", "timeout", "overflow"}

type heldCounters struct {
	waiting atomic.Int64
	ended   [ends]atomic.Uint64
}

// NewHeld makes an empty Held. An event waits at most for a time; at most limit
// events wait at once. Either may be 0: then none waits. wants tells of which
// types rules want events: others have nothing to wait for.
func NewHeld(wait time.Duration, limit int, wants func(event.TypeID) bool) *Held {
	return &Held{wait: wait, limit: limit, wants: wants}
}

// Stats may be called from any goroutine.
func (h *Held) Stats() HeldStats {
	stats := HeldStats{Waiting: h.stats.waiting.Load(), Ended: map[string]uint64{}}
	for i, name := range endNames {
		stats.Ended[name] = h.stats.ended[i].Load()
	}
	return stats
}

// Empty tells whether no event waits.
func (h *Held) Empty() bool { return h.size == 0 }

// Take keeps a copy of e if it has to wait: for its container, or for those
// before it. Then e is to be passed over.
func (h *Held) Take(e *Event) bool {
	if e.Thread == nil || e.Thread.Container == nil {
		return false
	}
	c := e.Thread.Container
	l := h.line(c)
	if l == nil && (h.wait <= 0 || h.limit <= 0 || !c.Awaited()) || !h.wants(e.Head.Type) {
		return false
	}
	if l == nil {
		l = &line{container: c, since: time.Now()}
		h.lines = append(h.lines, l)
	}
	l.events = append(l.events, h.copy(e))
	h.count(1)
	if h.size > h.limit {
		h.overflow()
	}
	return true
}

// overflow ends the waiting of the container that has most events here; they go
// on in their order, before anything else is taken.
func (h *Held) overflow() {
	l := slices.MaxFunc(h.lines, func(a, b *line) int { return len(a.events) - len(b.events) })
	l.overflow = true
	l.container.Latest().WaitNoMore()
}

// line is the line of a container, nil where none of its events wait.
func (h *Held) line(c *container.Info) *line {
	for _, l := range h.lines {
		if l.container.FullID == c.FullID {
			return l
		}
	}
	return nil
}

// Next is the next event that need not wait any longer, nil where there is none.
// It stays valid until the next call.
func (h *Held) Next() *Event {
	if h.size == 0 {
		return nil
	}
	if h.released == nil {
		h.released = h.due()
	}
	l := h.released
	if l == nil {
		return nil
	}
	e := l.events[0]
	l.events = l.events[1:]
	h.count(-1)
	if len(l.events) == 0 {
		h.end(l)
	}
	h.release(e)
	return e
}

// Expire ends all waiting: the stream is at its end.
func (h *Held) Expire() {
	for _, l := range h.lines {
		l.container.Latest().WaitNoMore()
	}
}

// due finds a line that need not wait any longer.
func (h *Held) due() *line {
	now := time.Now()
	for _, l := range h.lines {
		latest := l.container.Latest()
		if latest.Awaited() && now.Sub(l.since) < h.wait {
			continue
		}
		h.stats.ended[l.ending(latest)].Add(uint64(len(l.events)))
		latest.WaitNoMore()
		return l
	}
	return nil
}

// ending tells why a line need not wait any longer.
func (l *line) ending(latest *container.Info) int {
	switch {
	case latest.Known:
		return endKnown
	case l.overflow:
		return endOverflow
	case latest.Awaited():
		return endTimeout
	}
	return endUnknown
}

// end takes an empty line away.
func (h *Held) end(l *line) {
	h.lines = slices.DeleteFunc(h.lines, func(other *line) bool { return other == l })
	h.released = nil
	if h.size == 0 {
		h.copies.Clear()
	}
}

func (h *Held) count(n int) {
	h.size += n
	h.stats.waiting.Store(int64(h.size))
}

// release gives e what is known by now; its memory is used again.
func (h *Held) release(e *Event) {
	e.Thread.Container = e.Thread.Container.Latest()
	if len(h.free) < maxFree {
		h.free = append(h.free, e)
	}
}

// maxFree bounds how many events are kept for later use.
const maxFree = 256

// copy makes an event with memory of its own.
func (h *Held) copy(e *Event) *Event {
	c := h.fresh()
	c.keep(e)
	c.Thread = h.copies.Of(e.Thread)
	return c
}

// fresh is an event to fill: not the one that Next returned last, which is in
// use until the next call.
func (h *Held) fresh() *Event {
	if len(h.free) < 2 {
		return &Event{}
	}
	e := h.free[0]
	h.free = append(h.free[:0], h.free[1:]...)
	return e
}

// keep makes e a copy of from, but for its thread.
func (e *Event) keep(from *Event) {
	memory := slices.Grow(e.memory[:0], 1) // not nil: an empty parameter is not a missing one
	e.Reset(from.Info)
	e.Head.Time, e.Head.Num, e.Head.Type = from.Head.Time, from.Head.Num, from.Head.Type
	e.TID, e.PID, e.CPU, e.Host, e.Container = from.TID, from.PID, from.CPU, from.Host, from.Container
	for _, p := range from.params[:from.nparams] {
		memory = append(memory, p...)
	}
	e.memory = memory
	e.nparams = from.nparams
	for i, p := range from.params[:from.nparams] {
		if e.params[i] = nil; p != nil {
			e.params[i] = memory[:len(p):len(p)]
		}
		memory = memory[len(p):]
	}
	for _, dir := range from.dirs[:from.ndirs] {
		e.SetDir(dir.param, strings.Clone(dir.name))
	}
	if from.FD != nil {
		fd := from.FD.Copy()
		e.FD = &fd
	}
}
