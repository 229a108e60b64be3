package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// ReplayConfig has the receiver read captures in place of the kernel's events:
// to try rules and pipelines where capture is not possible or not wanted.
type ReplayConfig struct {
	// Files are captures (.scap), replayed one after the other. None: the
	// kernel's events are captured.
	Files []string `mapstructure:"files"`
	// Speed is how fast time goes: 1 as it went, 10 ten times as fast; 0 does
	// not wait between events.
	Speed float64 `mapstructure:"speed"`
}

var _ confmap.Validator = (*ReplayConfig)(nil)

// Validate checks names and speed.
func (c *ReplayConfig) Validate() error {
	var errs error
	for i, file := range c.Files {
		if file == "" {
			errs = errors.Join(errs, fmt.Errorf("files[%d]: is empty", i))
		}
	}
	if !(c.Speed >= 0) {
		errs = errors.Join(errs, fmt.Errorf("speed: %v is negative", c.Speed))
	}
	return errs
}

// replayStream is the stream of events of captures.
type replayStream struct {
	files  []string // still to be replayed
	speed  float64
	log    *zap.Logger
	closed chan struct{}
	once   sync.Once

	file    *os.File // at hand; nil: none
	reader  *scap.Reader
	began   time.Time // when the capture at hand began to be replayed,
	first   uint64    // and the time of its first event
	threads atomic.Pointer[process.Table]
	damaged atomic.Uint64 // events left out
}

// openReplay opens the first capture, so that a name that is wrong fails the
// receiver's start.
func openReplay(cfg *Config, _ *engine.Engine, log *zap.Logger) (stream, error) {
	s := &replayStream{files: cfg.Replay.Files, speed: cfg.Replay.Speed, log: log, closed: make(chan struct{})}
	for _, name := range s.files[1:] {
		if _, err := os.Stat(name); err != nil {
			return nil, err
		}
	}
	return s, s.open()
}

// open goes on to the next capture; io.EOF after the last.
func (s *replayStream) open() error {
	if len(s.files) == 0 {
		s.log.Info("The replay has ended")
		return io.EOF
	}
	name := s.files[0]
	s.files = s.files[1:]
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	r, err := scap.NewReader(f, scap.Options{})
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	s.log.Info("Replaying a capture", zap.String("file", name), zap.String("host", r.Host().Name))
	s.file, s.reader, s.first = f, r, 0
	s.threads.Store(r.Host().Threads)
	return nil
}

// Next implements stream. It belongs to one goroutine.
func (s *replayStream) Next() (*event.Event, error) {
	for {
		if s.isClosed() {
			return nil, errors.Join(io.EOF, s.end())
		}
		if s.reader == nil {
			if err := s.open(); err != nil {
				return nil, err
			}
		}
		e, err := s.reader.Next()
		if err == nil {
			s.wait(e)
			return &e.Head, nil
		}
		if !errors.Is(err, io.EOF) { // what comes after it cannot be found
			s.log.Warn("A capture is damaged; it was replayed up to there", zap.String("file", s.file.Name()), zap.Error(err))
		}
		if err := s.end(); err != nil {
			return nil, err
		}
	}
}

// end closes the capture at hand.
func (s *replayStream) end() error {
	if s.reader == nil {
		return nil
	}
	s.damaged.Add(s.reader.Stats().Damaged)
	err := s.file.Close()
	s.file, s.reader = nil, nil
	return err
}

// wait lets the time between events pass.
func (s *replayStream) wait(e *syscall.Event) {
	if s.speed == 0 {
		return
	}
	if s.first == 0 {
		s.first, s.began = e.Head.Time, time.Now()
	}
	after := float64(e.Head.Time-min(s.first, e.Head.Time)) / s.speed
	timer := time.NewTimer(time.Until(s.began.Add(time.Duration(after))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.closed:
	}
}

func (s *replayStream) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// Stats implements stream.
func (s *replayStream) Stats() streamStats {
	stats := streamStats{drops: map[drop]uint64{{"undecodable", ""}: s.damaged.Load()}}
	if threads := s.threads.Load(); threads != nil {
		table := threads.Stats()
		stats.threads = int64(table.Threads)
		stats.changes = map[string]uint64{"added": table.Added, "removed": table.Removed, "evicted": table.Evicted, "healed": table.Healed}
	}
	return stats
}

// Close implements stream. The file is closed by the Next that notices.
func (s *replayStream) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}
