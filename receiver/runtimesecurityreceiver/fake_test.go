package runtimesecurityreceiver

import (
	"io"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// fakeSource is a source with two event types and a field.
type fakeSource struct{}

var (
	fakeTypes  = event.NewTypes("open", "close")
	fakeFields = field.NewRegistry([]field.Definition{
		{Name: "evt.type", Type: field.Charbuf, Get: func(ev *event.Event) event.Value {
			return event.Text(fakeTypes.Name(ev.Type))
		}},
		{Name: "proc.name", Type: field.Charbuf, Get: func(ev *event.Event) event.Value {
			return event.Text(ev.Payload.(string))
		}},
	})
)

func (fakeSource) Name() string            { return "syscall" }
func (fakeSource) Fields() *field.Registry { return fakeFields }
func (fakeSource) Types() *event.Types     { return fakeTypes }

// fakeStream is a stream that a test feeds.
type fakeStream struct {
	events chan event.Event
	failed chan error // what Next fails with, errIdle included
	closed chan struct{}
	once   sync.Once
	stats  atomic.Pointer[streamStats]
	now    event.Event
}

func newFakeStream() *fakeStream {
	return &fakeStream{events: make(chan event.Event), failed: make(chan error), closed: make(chan struct{})}
}

// open is an opener that opens s.
func (s *fakeStream) open(*Config, *engine.Engine, *zap.Logger) (stream, error) { return s, nil }

// send gives the receiver an open event of a program and waits until it is taken.
func (s *fakeStream) send(program string) {
	s.events <- event.Event{Time: 1, Payload: program}
}

func (s *fakeStream) Next() (*event.Event, error) {
	select {
	case s.now = <-s.events:
		return &s.now, nil
	case err := <-s.failed:
		return nil, err
	case <-s.closed:
		return nil, io.EOF
	}
}

func (s *fakeStream) Stats() streamStats {
	if stats := s.stats.Load(); stats != nil {
		return *stats
	}
	return streamStats{}
}

func (s *fakeStream) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}
