package runtimesecurityreceiver

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// sightKey is the storage's key for the time, nanoseconds since the Unix epoch.
const sightKey = "seen_until"

// sight keeps in a storage until when the receiver saw events, so that the next
// start can tell how long nobody did. Without a storage it keeps nothing.
type sight struct {
	client storage.Client
}

// openSight finds the storage that the configuration names; nil: none.
func openSight(ctx context.Context, host component.Host, id *component.ID, self component.ID) (sight, error) {
	if id == nil {
		return sight{}, nil
	}
	ext, ok := host.GetExtensions()[*id]
	if !ok {
		return sight{}, fmt.Errorf("storage: there is no extension %q; name it in service::extensions", id)
	}
	store, ok := ext.(storage.Extension)
	if !ok {
		return sight{}, fmt.Errorf("storage: the extension %q stores nothing; file_storage does", id)
	}
	client, err := store.GetClient(ctx, component.KindReceiver, self, "")
	if err != nil {
		return sight{}, fmt.Errorf("storage: %w", err)
	}
	return sight{client}, nil
}

// last is until when events were seen before this start; ok is false where
// nobody knows.
func (s sight) last(ctx context.Context) (until time.Time, ok bool, err error) {
	if s.client == nil {
		return time.Time{}, false, nil
	}
	value, err := s.client.Get(ctx, sightKey)
	if err != nil || len(value) != 8 {
		return time.Time{}, false, err
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(value))), true, nil
}

// keep says that events were seen until a time.
func (s sight) keep(ctx context.Context, until time.Time) error {
	if s.client == nil {
		return nil
	}
	return s.client.Set(ctx, sightKey, binary.BigEndian.AppendUint64(nil, uint64(until.UnixNano())))
}

func (s sight) close(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	return s.client.Close(ctx)
}
