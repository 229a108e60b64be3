package ruleconfig

import (
	"maps"
	"sync"

	"github.com/lannersec/lanner/internal/reload"
)

// State is what there is to say of the loading of rules. It is safe for
// concurrent use.
type State struct {
	mu       sync.Mutex
	loaded   *reload.Result // the last one that succeeded
	outcomes map[string]int64
}

// Store notes the outcome of a loading; the first one is no reload.
func (s *State) Store(result *reload.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outcomes == nil { // both have a series from the start
		s.outcomes = map[string]int64{"success": 0, "failure": 0}
		s.loaded = result
		return
	}
	s.outcomes[result.Outcome()]++
	if result.Err == nil {
		s.loaded = result
	}
}

// Snapshot is a copy: reloads by outcome, and the result of the last good loading.
func (s *State) Snapshot() (map[string]int64, *reload.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.outcomes), s.loaded
}
