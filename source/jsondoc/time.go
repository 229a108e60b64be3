package jsondoc

import (
	"errors"
	"time"
)

// ErrNoTime tells that an event does not say when it happened.
var ErrNoTime = errors.New("the event has no time")

// Time is the time that a string in the form of RFC 3339 tells, in nanoseconds
// since the epoch. The year 1, which producers write for an unset time, is 0.
func (n Node) Time() (uint64, error) {
	if n.Kind() != String {
		return 0, ErrNoTime
	}
	raw := n.Raw()
	t, err := time.Parse(time.RFC3339Nano, raw[1:len(raw)-1])
	switch {
	case err != nil:
		return 0, errors.Join(ErrNoTime, err)
	case t.IsZero():
		return 0, nil
	}
	return uint64(t.UnixNano()), nil
}
