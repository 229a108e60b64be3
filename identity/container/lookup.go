package container

import (
	"context"
	"errors"
	"time"
)

// A question is asked again after a time that doubles: a runtime may tell of a
// container's start before it answers questions about it.
const (
	firstRetry = 10 * time.Millisecond
	lastRetry  = 30 * time.Second
	maxTries   = 12 // over about a minute
	// sureTries is after how many answers that nobody knows a container it
	// counts as unknown, though it is asked again: after about 150 ms.
	sureTries = 5
)

// ask queues a question about an entry that has no answer yet. The caller holds
// the lock.
func (d *Directory) ask(id string, e *entry) {
	if e.info.Known || e.asked || e.stranger || d.closed || !d.reachable() {
		return
	}
	d.enqueue(id, e)
}

// enqueue queues a question, or puts it off where too many wait.
func (d *Directory) enqueue(id string, e *entry) {
	e.asked = true
	select {
	case d.questions <- id:
	default:
		d.stats.lookups[outcomeRefused].Add(1)
		d.later(id, e, 100*time.Millisecond)
	}
}

// later asks again after a time.
func (d *Directory) later(id string, e *entry, after time.Duration) {
	e.stop()
	e.timer = time.AfterFunc(after, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.entries[id] == e && !d.closed {
			d.enqueue(id, e)
		}
	})
}

// changed is a runtime's word that there is something new about a container.
func (d *Directory) changed(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.entries[id]
	if e == nil {
		e = d.add(&Info{ID: ShortID(id), FullID: id, Search: Searching})
	}
	e.tries, e.stranger = 0, false
	d.unknown(e, Searching)
	if e.asked {
		e.again = true
		return
	}
	if !d.closed {
		e.stop()
		d.enqueue(id, e)
	}
}

// askAll asks about everything that is not known: a runtime has come.
func (d *Directory) askAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, e := range d.entries {
		e.tries, e.stranger = 0, false
		if !e.info.Known {
			d.unknown(e, Searching)
			d.ask(id, e)
		}
	}
}

// giveUp notes that there is nobody to ask.
func (d *Directory) giveUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reachable() {
		return
	}
	for _, e := range d.entries {
		d.unknown(e, NoRuntime)
	}
}

// work answers questions until ctx ends.
func (d *Directory) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-d.questions:
			d.answer(ctx, id)
		}
	}
}

// answer asks the runtimes about one container and notes what they say.
func (d *Directory) answer(ctx context.Context, id string) {
	info, err := d.question(ctx, id)
	if info != nil {
		d.learn(info)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.entries[id]
	if e == nil || d.closed {
		return
	}
	e.asked = false
	if e.again {
		e.again = false
		d.enqueue(id, e)
		return
	}
	if info == nil {
		d.retry(id, e, err)
	}
}

// retry asks again later, as long as that makes sense. Without an answer the
// container may still be known to the one that did not answer.
func (d *Directory) retry(id string, e *entry, err error) {
	e.tries++
	if errors.Is(err, ErrNotFound) && e.tries >= sureTries {
		d.unknown(e, NotFound)
	}
	if e.tries >= maxTries {
		e.stranger = true
		return
	}
	e.asked = true
	d.later(id, e, min(firstRetry<<(e.tries-1), lastRetry))
}

// question asks the runtimes one after the other, the likely one first. The
// error is ErrNotFound where all answered that they do not know the container.
func (d *Directory) question(ctx context.Context, id string) (*Info, error) {
	answer := ErrNotFound
	for _, r := range d.inOrder(id) {
		info, err := r.ask(ctx, id)
		if err == nil {
			return info, nil
		}
		if !errors.Is(err, ErrNotFound) {
			answer = err
		}
	}
	return nil, answer
}

// inOrder are the runtimes, first those that the cgroup's name speaks for.
func (d *Directory) inOrder(id string) []*runtime {
	d.mu.RLock()
	var likely string
	if e := d.entries[id]; e != nil {
		likely = e.info.Type
	}
	d.mu.RUnlock()
	first, rest := make([]*runtime, 0, len(d.runtimes)), []*runtime(nil)
	for _, r := range d.runtimes {
		if (likely == Docker || likely == Podman) == (r.socket.Kind == likely) {
			first = append(first, r)
		} else {
			rest = append(rest, r)
		}
	}
	return append(first, rest...)
}
