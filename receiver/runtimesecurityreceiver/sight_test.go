package runtimesecurityreceiver

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
)

// memory is a storage extension, and its only client.
type memory struct {
	component.StartFunc
	component.ShutdownFunc
	storage.Client
	values map[string][]byte
	closed int
}

func (m *memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}
func (m *memory) Get(_ context.Context, key string) ([]byte, error) { return m.values[key], nil }
func (m *memory) Set(_ context.Context, key string, value []byte) error {
	m.values[key] = value
	return nil
}
func (m *memory) Close(context.Context) error { m.closed++; return nil }

// storingHost has extensions.
type storingHost struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h storingHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

var memoryID = component.MustNewID("memory")

// TestTimeWithoutTheReceiverIsTold: between the end of one run and the start of
// the next nobody watches.
func TestTimeWithoutTheReceiverIsTold(t *testing.T) {
	store := &memory{values: map[string][]byte{}}
	host := storingHost{componenttest.NewNopHost(), map[component.ID]component.Component{memoryID: store}}
	cfg := config(t, spyRule)
	cfg.Storage = &memoryID
	out, take := records(t)
	var ended time.Time
	for run := range 2 {
		r := newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), taker(t, take), fakeSource{}, newFakeStream().open)
		if err := r.Start(t.Context(), host); err != nil {
			t.Fatal(err)
		}
		if err := r.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			ended = time.Now()
			if len(out) != 0 {
				t.Errorf("the first run tells of %s", (<-out).EventName())
			}
		}
	}
	attrs := next(t, out, "lanner.visibility.gap").Attributes().AsRaw()
	start, end := attrs["lanner.gap.start"].(int64), attrs["lanner.gap.end"].(int64)
	if fmt.Sprint(attrs["lanner.gap.causes"]) != "[not_running]" || start > ended.UnixNano() || end < ended.UnixNano() {
		t.Errorf("%v, the first run ended at %d", attrs, ended.UnixNano())
	}
	if store.closed != 2 {
		t.Errorf("closed %d times", store.closed)
	}
}

func TestStorageMustBeThere(t *testing.T) {
	cfg := config(t, spyRule)
	cfg.Storage = &memoryID
	for want, extensions := range map[string]map[component.ID]component.Component{
		"there is no extension": nil,
		"stores nothing":        {memoryID: struct{ component.Component }{}},
	} {
		r := newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), consumertest.NewNop(), fakeSource{}, newFakeStream().open)
		err := r.Start(t.Context(), storingHost{componenttest.NewNopHost(), extensions})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
