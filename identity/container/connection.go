package container

import (
	"context"
	"errors"
	"sync"
	"time"
)

// runtime keeps the connection to the runtime behind one socket.
type runtime struct {
	socket    Socket
	dial      func(Socket) (client, error)
	directory *Directory

	mu     sync.Mutex
	client client // nil: not connected
	state  state
	name   string
	since  time.Time // of the state
	late   int       // questions in a row without an answer in time
	mute   time.Time // not asked before: it did not answer
}

// state is what is known of a runtime.
type state uint8

const (
	untried state = iota
	absent        // nobody answers at the socket
	present       // connected
	lost          // was connected: it is likely to come back
)

// A lost or absent runtime is looked for again after a time that doubles.
const (
	firstReconnect = 250 * time.Millisecond
	lastReconnect  = 15 * time.Second
	// muteFor is how long a runtime is left alone that did not answer maxLate
	// questions in a row in time: others are not to wait for it.
	muteFor = time.Second
	maxLate = 2 * workers
	// helloPatience times the limit of a question is that of the first one: a
	// runtime that has just started is slow.
	helloPatience = 5
	// hopeFor is how long a runtime that went away is expected back.
	hopeFor = time.Minute
	// pollEvery is how often a runtime without events is asked for its containers.
	pollEvery = 5 * time.Second
)

// run looks for the runtime, follows it, and begins anew where it goes away.
func (r *runtime) run(ctx context.Context) {
	wait := firstReconnect
	for ctx.Err() == nil {
		began := time.Now()
		err := r.session(ctx)
		if ctx.Err() != nil {
			return
		}
		r.ended(err)
		if time.Since(began) > lastReconnect {
			wait = firstReconnect
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, lastReconnect)
	}
}

// session is one connection from its begin to its end.
func (r *runtime) session(ctx context.Context) error {
	c, err := r.dial(r.socket)
	if err != nil {
		return err
	}
	defer func() { _ = c.close() }() // it was only read from
	name, err := timed(ctx, helloPatience*r.directory.opts.Timeout, c.hello)
	if err != nil {
		return err
	}
	r.begin(c, name)
	events := listener{
		changed: r.directory.changed,
		gone:    r.directory.forget,
		ready: func() {
			// Only now: what starts from here on is told.
			if err := c.list(ctx, r.directory.changed); err != nil {
				r.directory.opts.Report(r.socket, name, err)
			}
		},
	}
	err = c.follow(ctx, events)
	if errors.Is(err, errNoEvents) {
		return r.poll(ctx, c)
	}
	return err
}

// poll asks for all containers now and then.
func (r *runtime) poll(ctx context.Context, c client) error {
	for {
		if err := c.list(ctx, r.directory.found); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}

// found is a container that a list names: there is something to learn only if
// it is not known.
func (d *Directory) found(id string) {
	d.mu.RLock()
	e := d.entries[id]
	known := e != nil && e.info.Known
	d.mu.RUnlock()
	if !known {
		d.changed(id)
	}
}

// timed calls f with a time limit.
func timed[T any](ctx context.Context, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return f(ctx)
}

func (r *runtime) begin(c client, name string) {
	r.mu.Lock()
	r.client, r.state, r.name, r.since, r.late, r.mute = c, present, name, time.Now(), 0, time.Time{}
	r.mu.Unlock()
	r.directory.opts.Report(r.socket, name, nil)
	r.directory.askAll()
}

// ended notes the end of a connection, or that there was none.
func (r *runtime) ended(err error) {
	r.mu.Lock()
	before := r.state
	r.client = nil
	switch {
	case before == present:
		r.state, r.since = lost, time.Now()
	case before == untried && errors.Is(err, context.DeadlineExceeded): // somebody is there
		r.state, r.since = lost, time.Now()
	case before != lost || time.Since(r.since) > hopeFor:
		r.state = absent
	}
	changed := before != r.state
	r.mu.Unlock()
	if changed {
		r.directory.opts.Report(r.socket, r.name, err)
	}
	r.directory.giveUp()
}

func (r *runtime) connected() client {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.client
}

// reachable tells whether there may be somebody to ask, now or soon.
func (d *Directory) reachable() bool {
	for _, r := range d.runtimes {
		r.mu.Lock()
		s := r.state
		r.mu.Unlock()
		if s != absent {
			return true
		}
	}
	return false
}

// errMute is the answer of a runtime that is not there, or did not answer lately.
var errMute = errors.New("container: the runtime does not answer")

// ask asks about one container, and counts what came of it.
func (r *runtime) ask(ctx context.Context, id string) (*Info, error) {
	r.mu.Lock()
	c, s, mute := r.client, r.state, r.mute
	r.mu.Unlock()
	switch {
	case s == absent:
		return nil, ErrNotFound
	case c == nil || time.Now().Before(mute):
		return nil, errMute
	}
	began := time.Now()
	info, err := timed(ctx, r.directory.opts.Timeout, func(ctx context.Context) (*Info, error) { return c.lookup(ctx, id) })
	if err == nil && info.FullID != id { // it took the id for a name or a part of one
		err = ErrNotFound
	}
	r.directory.count(time.Since(began), err)
	r.answered(!errors.Is(err, context.DeadlineExceeded))
	return info, err
}

// answered notes whether an answer came in time.
func (r *runtime) answered(inTime bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if inTime {
		r.late = 0
		return
	}
	if r.late++; r.late >= maxLate {
		r.mute = time.Now().Add(muteFor)
		r.late = maxLate - 1 // one more try decides
	}
}

func (d *Directory) count(took time.Duration, err error) {
	outcome := outcomeFound
	switch {
	case errors.Is(err, ErrNotFound):
		outcome = outcomeNotFound
	case err != nil:
		outcome = outcomeFailed
	}
	d.stats.lookups[outcome].Add(1)
	d.stats.duration.Add(int64(took))
}
