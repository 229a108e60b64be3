package bpf

import (
	"fmt"
	"math/bits"
	"runtime"
	"time"
)

// Config is how to capture. The zero value captures with the defaults.
type Config struct {
	// RingBytes is the size of the ring buffer. It is rounded up to a power of
	// two. 0: 8 MiB for each CPU.
	RingBytes int
	// IdleWait bounds how long events may wait in the ring while it is far from
	// full. 0: 10 ms.
	IdleWait time.Duration
	// Env collects the environment at exec. It is off unless a rule asks for it.
	Env bool
	// SkipSelf leaves out the syscalls of the capturing process, so that the
	// consumer does not feed on itself.
	SkipSelf bool
	// Filter makes the programs able to filter calls (SetFilters). Where the
	// kernel does not take them so, they capture without filters.
	Filter bool
}

const (
	ringBytesPerCPU = 8 << 20
	minRingBytes    = 1 << 18
	maxRingBytes    = 1 << 30
	defaultIdleWait = 10 * time.Millisecond
)

// ringBytes is the ring's size as the kernel wants it: a power of two.
func (c Config) ringBytes() (uint32, error) {
	n := c.RingBytes
	if n == 0 {
		n = ringBytesPerCPU * runtime.NumCPU()
	}
	if n < minRingBytes || n > maxRingBytes {
		return 0, fmt.Errorf("a ring of %d bytes: want %d to %d", n, minRingBytes, maxRingBytes)
	}
	return 1 << bits.Len32(uint32(n)-1), nil
}

func (c Config) idleWait() time.Duration {
	if c.IdleWait <= 0 {
		return defaultIdleWait
	}
	return c.IdleWait
}
