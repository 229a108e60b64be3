package runtimesecurityreceiver

import (
	"errors"
	"testing"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/internal/testenv"
	"github.com/lannersec/lanner/source/syscall"
)

// TestHeartbeatsComeFromTheKernel: each beat comes out of the capture once, and
// no rule sees it.
func TestHeartbeatsComeFromTheKernel(t *testing.T) {
	testenv.Root(t)
	cfg := config(t, "- rule: Own\n  desc: d\n  condition: evt.type = setpgid\n  output: o\n  priority: INFO\n")
	eng, _, err := loadEngine(cfg, syscall.Source(), zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	s, err := openCapture(cfg, eng, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	const beats = 5
	live, idle := s.(*liveStream), 0
	for range beats {
		live.Beat()
	}
	for n, _ := live.Beats(); n < beats; n, _ = live.Beats() {
		ev, err := live.Next()
		if errors.Is(err, errIdle) {
			if idle++; idle > 1000 { // some ten seconds
				t.Fatalf("%d heartbeats", n)
			}
		}
		if err == nil && ev.Type == typeSetpgid && ev.Payload.(*syscall.Event).Thread.VPID == ownPID {
			t.Error("a heartbeat is shown to rules")
		}
	}
	if n, lag := live.Beats(); n != beats || lag <= 0 {
		t.Errorf("%d heartbeats, the last after %v", n, lag)
	}
}
