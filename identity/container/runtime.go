package container

import (
	"context"
	"errors"
)

// ErrNotFound is a runtime's answer that it does not have a container.
var ErrNotFound = errors.New("container: the runtime does not know it")

// client is a connection to a runtime. Look-ups may be made by several
// goroutines at once.
type client interface {
	// hello asks the runtime for its name: the first sign of life.
	hello(ctx context.Context) (name string, err error)
	// lookup asks for a container; ErrNotFound where there is none.
	lookup(ctx context.Context, id string) (*Info, error)
	// list calls found with the ids of all containers.
	list(ctx context.Context, found func(id string)) error
	// follow tells about containers from now on until ctx ends or the
	// connection does: ready once the subscription stands, then changed and
	// gone. errNoEvents where the runtime cannot.
	follow(ctx context.Context, events listener) error
	close() error
}

// errNoEvents is a runtime without a subscription.
var errNoEvents = errors.New("container: the runtime sends no events")

// listener is who wants to know of a runtime's containers.
type listener struct {
	ready   func()
	changed func(id string)
	gone    func(id string)
}
