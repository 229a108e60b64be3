package migrate

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// intervalUnits are the units of an interval, in the order in which they stand.
var intervalUnits = []struct {
	name string
	unit time.Duration
}{
	{"y", 365 * 24 * time.Hour},
	{"w", 7 * 24 * time.Hour},
	{"d", 24 * time.Hour},
	{"h", time.Hour},
	{"m", time.Minute},
	{"s", time.Second},
	{"ms", time.Millisecond},
}

var errInterval = errors.New("an interval is numbers with units from y to ms in their order, as in 1h30m")

// ParseInterval reads an interval as Prometheus and falco.yaml write it: units
// from years to milliseconds, each at most once and in that order. Blanks may
// stand between them.
func ParseInterval(text string) (time.Duration, error) {
	var total time.Duration
	rest, next := strings.TrimSpace(text), 0
	if rest == "" {
		return 0, errInterval
	}
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		number, err := strconv.ParseUint(rest[:digits], 10, 31)
		if err != nil {
			return 0, errInterval
		}
		letters := len(rest) - digits - len(strings.TrimLeft(rest[digits:], "abcdefghijklmnopqrstuvwxyz"))
		i := unitIndex(rest[digits:digits+letters], next)
		if i < 0 {
			return 0, errInterval
		}
		step := time.Duration(number) * intervalUnits[i].unit
		if number > 0 && step/intervalUnits[i].unit != time.Duration(number) || total+step < total {
			return 0, errInterval
		}
		total += step
		rest, next = strings.TrimSpace(rest[digits+letters:]), i+1
	}
	return total, nil
}

// unitIndex finds a unit among those from the given one on.
func unitIndex(name string, from int) int {
	for i := from; i < len(intervalUnits); i++ {
		if intervalUnits[i].name == name {
			return i
		}
	}
	return -1
}
