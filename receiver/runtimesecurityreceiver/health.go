package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/confmap"
)

// HealthConfig is how the receiver watches itself.
type HealthConfig struct {
	// Interval is how often it proves that events still come from the kernel, and
	// looks whether any were lost. 0: never.
	Interval time.Duration `mapstructure:"interval"`
}

var _ confmap.Validator = (*HealthConfig)(nil)

// Validate checks the interval.
func (c *HealthConfig) Validate() error {
	if c.Interval < 0 {
		return fmt.Errorf("interval: %v is negative", c.Interval)
	}
	return nil
}

// beater is a stream that can prove that it is alive: Beat makes something happen
// that comes out of the stream, where it is counted and not shown to rules.
type beater interface {
	Beat()
	// Beats is how many came out, and how long the last one was on its way.
	Beats() (n uint64, lag time.Duration)
}

// maxMissed is how many heartbeats may be missing before it is said.
const maxMissed = 3

var errNoHeartbeat = errors.New("events do not arrive from the kernel: heartbeats are missing")

// health looks at the stream and at the losses at an interval.
type health struct {
	beater beater // nil: the stream has no heart
	gaps   *gaps
	tell   func(cause string, err error) // err nil: it is well again
	seen   func(until time.Time)         // events are seen

	sent, arrived uint64
	missed        int
}

// run looks at every interval until stop is closed.
func (h *health) run(interval time.Duration, stop <-chan struct{}) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		h.beat()
		select {
		case <-stop:
			return
		case now := <-tick.C:
			h.look(now)
		}
	}
}

// beat sends a heartbeat.
func (h *health) beat() {
	if h.beater != nil {
		h.beater.Beat()
		h.sent++
	}
}

// look sees whether heartbeats arrived since the last look, and what was lost.
func (h *health) look(now time.Time) {
	var silent []hole
	if h.beater != nil && h.sent > 0 {
		n, _ := h.beater.Beats()
		h.missed++
		if n > h.arrived {
			h.arrived, h.missed = n, 0
			h.tell("heartbeat", nil)
		}
		if h.missed >= maxMissed {
			h.tell("heartbeat", errNoHeartbeat)
			silent = append(silent, hole{cause: "no_heartbeat"})
		}
	}
	if h.missed == 0 {
		h.seen(now)
	}
	h.gaps.look(now, silent...)
}

// status tells the Collector how the receiver is. It is well while no cause has
// an error.
type status struct {
	host component.Host

	mu       sync.Mutex
	problems map[string]error
}

func newStatus(host component.Host) *status {
	return &status{host: host, problems: map[string]error{}}
}

// set notes that a cause has an error, or none any more, and tells it on.
func (s *status) set(cause string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.problems[cause]
	if was == nil && err == nil || was != nil && err != nil && was.Error() == err.Error() {
		return
	}
	delete(s.problems, cause)
	if err != nil {
		s.problems[cause] = err
	}
	if len(s.problems) == 0 {
		componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
		return
	}
	var errs error
	for _, problem := range s.problems {
		errs = errors.Join(errs, problem)
	}
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(errs))
}
