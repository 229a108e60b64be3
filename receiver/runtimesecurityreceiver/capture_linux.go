package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/syscall"
)

// liveStream is the stream of kernel events.
type liveStream struct {
	capture *bpf.Capture
	samples samples
	decoder *syscall.LiveDecoder
	threads *process.Table
	purger  *purger
	clock   clock
	event   syscall.Event
	users   *userRefresher
	names   *nameRefresher
	log     *zap.Logger
	heartbeat

	containers *containers // nil: nobody asks for them

	undecoded atomic.Uint64 // records that could not be read

	closing sync.Once
	err     error // of closing
}

// samples is where records come from: the capture, or a test's memory.
type samples interface {
	Read() ([]byte, error)
}

// openCapture starts to capture what the engine's rules can match.
func openCapture(cfg *Config, eng *engine.Engine, log *zap.Logger) (stream, error) {
	if err := bpf.CheckRights(); err != nil {
		return nil, err
	}
	capture, err := bpf.Open(bpf.Config{
		RingBytes: ringBytes(cfg.Capture.RingMiBPerCPU, runtime.NumCPU()),
		Env:       cfg.Capture.Environment,
		SkipSelf:  true,
		Filter:    cfg.Capture.Filter == filterAuto,
	})
	if err != nil {
		return nil, err
	}
	s, err := newLiveStream(cfg, capture, log)
	if err == nil {
		err = s.Want(eng.Set())
	}
	if err != nil {
		return nil, errors.Join(err, capture.Close())
	}
	s.users.start()
	if cfg.Capture.ResolveHostNames {
		s.names.start(eng)
	}
	s.containers = openContainers(cfg, s.decoder.Host.Users, eng, log)
	s.decoder.Containers = s.containers.directory
	s.logHooks()
	return s, nil
}

// newLiveStream prepares the decoding of what the capture reads.
func newLiveStream(cfg *Config, capture *bpf.Capture, log *zap.Logger) (*liveStream, error) {
	boot, err := bpf.BootTime()
	if err != nil {
		return nil, fmt.Errorf("time of boot: %w", err)
	}
	name, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("host name: %w", err)
	}
	threads, users, names := process.NewTable(process.Options{}), &user.Table{}, newNameRefresher(log)
	decoder := syscall.NewLiveDecoder(threads, &syscall.Host{Name: name, Threads: threads, Users: users, Names: names.names}, boot)
	purger, err := knowProcesses(decoder, threads, cfg.HostRoot)
	if err != nil {
		return nil, err
	}
	return &liveStream{
		capture: capture,
		samples: capture,
		decoder: decoder,
		threads: threads,
		purger:  purger,
		clock:   clock{bootTime: bpf.BootTime},
		users:   newUserRefresher(user.NewFiles(users, "", cfg.HostRoot), log),
		names:   names,
		log:     log,
	}, nil
}

// maxRingBytes is the largest ring that capture takes.
const maxRingBytes = 1 << 30

func ringBytes(mibPerCPU, cpus int) int {
	return int(min(int64(mibPerCPU)*int64(cpus)<<20, maxRingBytes))
}

// logHooks names what the kernel refused: capture goes on without it.
func (s *liveStream) logHooks() {
	for _, h := range s.capture.Hooks() {
		if h.Err != nil {
			s.log.Warn("The kernel refused a hook; its events are missing",
				zap.String("hook", h.Event), zap.String("events", h.Gives), zap.Error(h.Err))
		}
	}
	if _, refused := s.capture.Filtering(); refused != nil {
		s.log.Warn("The kernel does not take filters; events that no rule can match come too", zap.Error(refused))
	}
}

// Next implements stream.
func (s *liveStream) Next() (*event.Event, error) {
	for {
		if ev := s.containers.next(); ev != nil {
			return &ev.Head, nil
		}
		sample, err := s.samples.Read()
		switch {
		case errors.Is(err, bpf.ErrIdle):
			return nil, errIdle
		case errors.Is(err, os.ErrClosed) && s.containers.expire():
			continue
		case errors.Is(err, os.ErrClosed):
			return nil, io.EOF
		case err != nil:
			return nil, err
		}
		s.purger.purge(s.event.Head.Time)
		if err := s.decoder.Decode(sample, &s.event); err != nil {
			s.undecoded.Add(1)
			continue
		}
		s.decoder.BootTime = s.clock.correct(s.decoder.BootTime, s.event.Head.Time)
		if s.takes(&s.event) || s.containers.take(&s.event) {
			continue
		}
		return &s.event.Head, nil
	}
}

// Containers implements containerWatcher.
func (s *liveStream) Containers() containerStats { return s.containers.stats() }

// Stats implements stream.
func (s *liveStream) Stats() streamStats {
	table := s.threads.Stats()
	stats := streamStats{
		hooks:   s.hooks(),
		threads: int64(table.Threads),
		changes: map[string]uint64{"added": table.Added, "removed": table.Removed, "evicted": table.Evicted, "healed": table.Healed},
		drops:   map[drop]uint64{{"undecodable", ""}: s.undecoded.Load()},

		filtered: map[string]uint64{},
	}
	kernel, err := s.capture.Stats()
	if err != nil {
		s.log.Warn("The kernel's counters cannot be read", zap.Error(err))
		return stats
	}
	stats.received = kernel.Sent
	stats.drops[drop{"hook_skipped", ""}] = kernel.Skipped
	stats.ringSize, stats.ringUsage = int64(kernel.RingLen), int64(kernel.RingUse)
	for _, call := range kernel.Calls { // several can have one name
		stats.drops[drop{"ring_above_watermark", call.Name}] += call.Refused
		stats.drops[drop{"process_over_share", call.Name}] += call.OverShare
		stats.drops[drop{"ring_full", call.Name}] += call.Full
		stats.drops[drop{"too_big", call.Name}] += call.TooBig
		stats.filtered[call.Name] += call.Filtered
	}
	return stats
}

func (s *liveStream) hooks() []hook {
	var hooks []hook
	for _, h := range s.capture.Hooks() {
		hooks = append(hooks, hook{name: h.Event, refused: h.Err})
	}
	if on, refused := s.capture.Filtering(); on || refused != nil {
		hooks = append(hooks, hook{name: "filter", refused: refused})
	}
	return hooks
}

// Close implements stream.
func (s *liveStream) Close() error {
	s.closing.Do(func() {
		s.err = s.capture.Close()
		s.users.stop()
		s.names.stop()
		if s.containers != nil {
			s.containers.close()
		}
	})
	return s.err
}
