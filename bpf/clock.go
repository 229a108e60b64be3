package bpf

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// BootTime is when the machine booted, in nanoseconds since the epoch, by the
// clock that records count from. It changes when the clock is set.
func BootTime() (uint64, error) {
	var boot unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot); err != nil {
		return 0, fmt.Errorf("time since boot: %w", err)
	}
	return uint64(time.Now().UnixNano() - boot.Nano()), nil
}
