package runtimesecurityreceiver

import (
	"errors"

	"github.com/lannersec/lanner/engine/event"
)

// stream is where events come from.
type stream interface {
	// Next waits for the next event, which is valid until the next call. The
	// error is errIdle where there was none for a while, io.EOF after Close.
	Next() (*event.Event, error)
	// Stats may be called while Next waits.
	Stats() streamStats
	// Close ends the stream, also for a Next that waits. It is safe twice.
	Close() error
}

// errIdle is no failure: the reader may do other work, and read on.
var errIdle = errors.New("no event for a while")

// streamStats are the counters and sizes of a stream.
type streamStats struct {
	received  uint64            // records that the kernel side handed over
	filtered  map[string]uint64 // calls that no rule could match, by event type
	drops     map[drop]uint64
	hooks     []hook
	ringSize  int64 // bytes
	ringUsage int64 // bytes
	threads   int64
	changes   map[string]uint64 // of the process table
}

// drop is a way in which events are lost.
type drop struct{ cause, eventType string }

// hook is a kernel hook that is wanted; refused says why it is not attached.
type hook struct {
	name    string
	refused error
}
