package bpf

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cilium/ebpf"
)

// Capture is a running capture. Read and SetTypes are each for one goroutine;
// Stats and Close may be called from any.
type Capture struct {
	objects    *objects
	machine    machine
	attached   []attached
	hooks      []HookState
	ring       *ring
	idleWait   time.Duration
	generation uint32
	filters    filterSet

	closing sync.Once
	closed  error
}

// Open loads the programs and attaches them. Events flow from here on; the
// wanted set starts with what the process table needs, without filters.
func Open(cfg Config) (*Capture, error) {
	c, err := open(cfg)
	if err == nil || !cfg.Filter {
		return c, err
	}
	cfg.Filter = false
	c, second := open(cfg)
	if second != nil {
		return nil, second
	}
	c.filters.refused = err
	return c, nil
}

func open(cfg Config) (*Capture, error) {
	ring, err := cfg.ringBytes()
	if err != nil {
		return nil, err
	}
	cpus, err := ebpf.PossibleCPU()
	if err != nil {
		return nil, fmt.Errorf("number of CPUs: %w", err)
	}
	c := &Capture{machine: thisMachine(), idleWait: cfg.idleWait()}
	c.objects, err = loadObjects(settings{
		ring: ring, cpus: cpus, env: cfg.Env, filter: cfg.Filter, machine: c.machine,
		uringCQE: completionIsCQE(),
	})
	if err != nil {
		return nil, err
	}
	if c.filters.on = cfg.Filter && c.objects.variant != unfiltered; cfg.Filter && !c.filters.on {
		c.filters.refused = ErrNoFilters
	}
	if cfg.SkipSelf {
		err = c.objects.skipSelf()
	}
	if err == nil {
		err = c.start()
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Capture) start() error {
	ringMap := c.objects.maps.Maps[directMapRing]
	var err error
	if c.ring, err = openRing(ringMap.FD(), int(ringMap.MaxEntries()), c.objects.sleeps); err != nil {
		return fmt.Errorf("ring: %w", err)
	}
	if err := c.SetTypes(nil); err != nil {
		return err
	}
	for _, h := range hooks {
		a, err := c.objects.attach(h)
		c.hooks = append(c.hooks, HookState{h.event, h.gives, err})
		if err == nil {
			c.attached = append(c.attached, a)
		} else if h.need {
			return explain(fmt.Errorf("%s (%s): %w", h.event, h.gives, err))
		}
	}
	return nil
}

// Read returns the next record. It is valid until the next Read. ErrIdle: there
// was none for a while; os.ErrClosed: the capture was closed.
func (c *Capture) Read() ([]byte, error) { return c.ring.read(c.idleWait) }

// Hooks tells which hooks are attached, and why others are not.
func (c *Capture) Hooks() []HookState { return c.hooks }

// Variant names the build of the programs that the kernel accepted.
func (c *Capture) Variant() string { return c.objects.variant }

// Close detaches everything and ends Read. It may be called twice, and from any
// goroutine; a record that Read handed out stays valid until the next Read.
func (c *Capture) Close() error {
	c.closing.Do(func() {
		var errs []error
		for _, a := range c.attached {
			errs = append(errs, a.close())
		}
		if c.ring != nil {
			c.ring.stop()
		}
		c.objects.close()
		c.closed = errors.Join(errs...)
	})
	return c.closed
}
