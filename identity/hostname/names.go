// Package hostname knows which host names stand for an address: of the names
// that somebody asked for beforehand, because an event cannot wait for an
// answer from the network.
package hostname

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxNames   = 1024 // names that are resolved
	maxAnswers = 64   // addresses that are taken of one name
	askTimeout = 5 * time.Second
)

// Resolver finds the addresses of a host name; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Names resolves a set of host names again and again. Of may be called from any
// goroutine and never waits.
type Names struct {
	resolver Resolver
	known    atomic.Pointer[map[string][]string] // names by address, 4 or 16 raw bytes

	mu      sync.Mutex
	wanted  []string
	changed chan struct{}

	failed atomic.Uint64
}

// New makes Names that know nothing yet.
func New(resolver Resolver) *Names {
	return &Names{resolver: resolver, changed: make(chan struct{}, 1)}
}

// Want sets the names to resolve, in place of those from before. Names beyond a
// bound are left out; it returns how many.
func (n *Names) Want(names []string) (left int) {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > maxNames {
		left = len(names) - maxNames
		names = names[:maxNames]
	}
	n.mu.Lock()
	n.wanted = names
	n.mu.Unlock()
	select {
	case n.changed <- struct{}{}:
	default: // a refresh is due already
	}
	return left
}

// Of is the names of an address, 4 or 16 raw bytes. The caller must not change
// the result.
func (n *Names) Of(ip string) []string {
	if known := n.known.Load(); known != nil {
		return (*known)[ip]
	}
	return nil
}

// Failed counts names that could not be resolved.
func (n *Names) Failed() uint64 { return n.failed.Load() }

// Run resolves the names whenever they change and at every interval, until ctx
// is done.
func (n *Names) Run(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.changed:
		case <-tick.C:
		}
		n.Refresh(ctx)
	}
}

// Refresh resolves all names once. A name that cannot be resolved now keeps the
// addresses that it had.
func (n *Names) Refresh(ctx context.Context) {
	n.mu.Lock()
	wanted := n.wanted
	n.mu.Unlock()
	next := map[string][]string{}
	for _, name := range wanted {
		addrs, err := n.ask(ctx, name)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			n.failed.Add(1)
			addrs = n.before(name)
		}
		for _, ip := range addrs {
			next[ip] = append(next[ip], name)
		}
	}
	n.known.Store(&next)
}

// ask resolves one name.
func (n *Names) ask(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	addrs, err := n.resolver.LookupNetIP(ctx, "ip", name)
	if err != nil {
		return nil, err
	}
	ips := make([]string, 0, len(addrs))
	for _, addr := range addrs[:min(len(addrs), maxAnswers)] {
		ips = append(ips, string(addr.Unmap().AsSlice()))
	}
	return ips, nil
}

// before is the addresses that a name had.
func (n *Names) before(name string) []string {
	var ips []string
	if known := n.known.Load(); known != nil {
		for ip, names := range *known {
			if slices.Contains(names, name) {
				ips = append(ips, ip)
			}
		}
	}
	return ips
}
