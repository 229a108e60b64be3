package container

import (
	"sync"
	"time"
)

// recent are answers that many look-ups need at about the same time: those of
// the containers of one pod, or of one image. The zero value is ready.
type recent[T any] struct {
	mu      sync.Mutex
	answers map[string]answer[T]
}

type answer[T any] struct {
	value T
	until time.Time
}

// Bounds of recent answers.
const (
	recentFor  = 10 * time.Second
	maxRecents = 1024
)

// get is the answer for key, asked for where there is no recent one. An empty
// key is always asked for.
func (r *recent[T]) get(key string, ask func() (T, error)) (T, error) {
	r.mu.Lock()
	known, ok := r.answers[key]
	r.mu.Unlock()
	if ok && key != "" && time.Now().Before(known.until) {
		return known.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answers == nil || len(r.answers) >= maxRecents {
		r.answers = map[string]answer[T]{}
	}
	r.answers[key] = answer[T]{value, time.Now().Add(recentFor)}
	return value, nil
}
