package runtimesecurityreceiver

import "time"

const (
	clockEvery = time.Second          // of event time between two looks at the clock
	clockSlack = 5 * time.Millisecond // differences that only come from reading two clocks
)

// clock keeps the time of boot right when the host's clock is set: events are
// dated from boot.
type clock struct {
	bootTime func() (uint64, error) // now, ns since the epoch
	due      uint64                 // event time of the next look
}

// correct returns the time of boot for events after one at time now, which was
// dated with boot.
func (c *clock) correct(boot, now uint64) uint64 {
	if now < c.due {
		return boot
	}
	sinceBoot := now - boot
	if actual, err := c.bootTime(); err == nil && max(actual, boot)-min(actual, boot) > uint64(clockSlack) {
		boot = actual
	}
	c.due = boot + sinceBoot + uint64(clockEvery)
	return boot
}
