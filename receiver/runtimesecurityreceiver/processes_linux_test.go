package runtimesecurityreceiver

import (
	"slices"
	"testing"
	"time"
)

func TestPurgesOnceASecond(t *testing.T) {
	var got []time.Duration
	p := purger{remove: func(before uint64) { got = append(got, time.Duration(before)) }}
	p.purge(0) // no event yet
	for _, at := range []time.Duration{time.Hour, time.Hour + purgeEvery, time.Hour + purgeEvery + 1, time.Hour} {
		p.purge(uint64(at))
	}
	if want := []time.Duration{time.Hour - purgeIdle, time.Hour + purgeEvery + 1 - purgeIdle}; !slices.Equal(got, want) {
		t.Errorf("purged what was idle since %v, want %v", got, want)
	}
}
