package runtimesecurityreceiver

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
	"github.com/lannersec/lanner/source/scap"
)

// intrusion is the capture that is shipped.
const intrusion = "../../testdata/captures/intrusion.scap"

func TestReplayedCaptureIsDetectedIn(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Replay.Files = []string{intrusion}
	cfg.Delivery.BatchSize = 1
	taken := make(chan plog.LogRecord, 100)
	next := taker(t, func(l plog.Logs) error {
		for i := range l.ResourceLogs().Len() {
			resource := l.ResourceLogs().At(i)
			if id, ok := resource.Resource().Attributes().Get("host.id"); ok {
				t.Errorf("the records carry this machine's id %q", id.Str())
			}
			if name, _ := resource.Resource().Attributes().Get("host.name"); name.Str() != "shop-1" {
				t.Errorf("host.name is %q", name.Str())
			}
			taken <- resource.ScopeLogs().At(0).LogRecords().At(0)
		}
		return nil
	})
	r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	first := <-taken
	if rule, _ := first.Attributes().Get("security_rule.name"); rule.Str() != "Shell spawned by server" {
		t.Errorf("the first detection is of %q", rule.Str())
	}
	if at := first.Timestamp().AsTime(); at.Year() != 2026 || at.Month() != time.January {
		t.Errorf("its time is %v, not that of the event", at)
	}
	if err := r.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

// replayOf opens a replay.
func replayOf(t *testing.T, cfg ReplayConfig) (stream, error) {
	t.Helper()
	return openReplay(&Config{Replay: cfg}, nil, zap.NewNop())
}

func TestReplayGoesOnAfterADamagedCapture(t *testing.T) {
	data, err := os.ReadFile(intrusion)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.scap")
	if err := os.WriteFile(cut, data[:len(data)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	count := func(files ...string) (n int) {
		s, err := replayOf(t, ReplayConfig{Files: files})
		if err != nil {
			t.Fatal(err)
		}
		for {
			_, err := s.Next()
			if errors.Is(err, io.EOF) {
				return n
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	if whole, both := count(intrusion), count(cut, intrusion); both != 2*whole-1 {
		t.Errorf("%d events of a capture and its damaged copy, %d of the capture alone", both, whole)
	}
}

func TestReplayThatCannotStart(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no capture, but a text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := replayOf(t, ReplayConfig{Files: []string{intrusion, "missing.scap"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing capture: %v", err)
	}
	if _, err := replayOf(t, ReplayConfig{Files: []string{text}}); !errors.Is(err, scap.ErrFormat) {
		t.Errorf("a text: %v", err)
	}
}

func TestClosedReplayDoesNotWait(t *testing.T) {
	s, err := replayOf(t, ReplayConfig{Files: []string{intrusion}, Speed: 1e-9}) // 20 ms take years
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		for {
			if _, err := s.Next(); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
