package hostname

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"
)

// book is a Resolver with fixed answers.
type book struct {
	mu    sync.Mutex
	addrs map[string]string
	asked chan string
}

func (b *book) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.asked != nil {
		b.asked <- host
	}
	if addr, ok := b.addrs[host]; ok {
		return []netip.Addr{netip.MustParseAddr(addr)}, nil
	}
	return nil, errors.New("no such host")
}

const (
	ten  = "\x0a\x00\x00\x01"
	nine = "\x09\x00\x00\x01"
)

func TestNames(t *testing.T) {
	b := &book{addrs: map[string]string{"a.example": "10.0.0.1", "b.example": "::ffff:10.0.0.1", "six.example": "2001:db8::1"}}
	n := New(b)
	if n.Of(ten) != nil {
		t.Error("knows a name before it asked")
	}
	if left := n.Want([]string{"b.example", "a.example", "a.example", "gone.example", "six.example"}); left != 0 {
		t.Errorf("left out %d", left)
	}
	n.Refresh(t.Context())
	if got := n.Of(ten); !slices.Equal(got, []string{"a.example", "b.example"}) {
		t.Errorf("names %q", got)
	}
	six := netip.MustParseAddr("2001:db8::1").As16()
	if got := n.Of(string(six[:])); !slices.Equal(got, []string{"six.example"}) {
		t.Errorf("names %q", got)
	}
	if n.Failed() != 1 {
		t.Errorf("%d failures", n.Failed())
	}
	b.addrs = map[string]string{"b.example": "9.0.0.1"}
	n.Refresh(t.Context())
	if got := n.Of(ten); !slices.Equal(got, []string{"a.example"}) {
		t.Errorf("a name that does not resolve now lost its address: %q", got)
	}
	if got := n.Of(nine); !slices.Equal(got, []string{"b.example"}) {
		t.Errorf("moved name: %q", got)
	}
	n.Want(nil)
	n.Refresh(t.Context())
	if got := n.Of(nine); got != nil {
		t.Errorf("a name that nobody wants: %q", got)
	}
}

func TestWantIsBounded(t *testing.T) {
	names := make([]string, maxNames+3)
	for i := range names {
		names[i] = fmt.Sprintf("%d.example", i)
	}
	if left := New(&book{}).Want(names); left != 3 {
		t.Errorf("left out %d", left)
	}
}

func TestRun(t *testing.T) {
	b := &book{asked: make(chan string, 4)}
	n := New(b)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.Run(ctx, time.Hour)
	}()
	n.Want([]string{"a.example"})
	if got := <-b.asked; got != "a.example" {
		t.Errorf("asked %q", got)
	}
	cancel()
	<-done
}

func TestOfDoesNotAllocate(t *testing.T) {
	n := New(&book{addrs: map[string]string{"a.example": "10.0.0.1"}})
	n.Want([]string{"a.example"})
	n.Refresh(t.Context())
	if allocs := testing.AllocsPerRun(100, func() { n.Of(ten); n.Of(nine) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
