package reload

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/lannersec/lanner/internal/rulefiles"
)

const (
	// lookAgain is how often files are read without a sign of change: some file
	// systems, as NFS, give no sign.
	lookAgain = time.Minute
	// maxDelays bounds, in times of the debounce, how long changes that do not
	// end can put off the reading.
	maxDelays = 10
)

// watcher tells when rules files may have changed. It watches the directory
// entries that lead to them, so that a directory which vanishes and comes back,
// or a symbolic link that points elsewhere, is seen.
type watcher struct {
	paths    []string // absolute
	debounce time.Duration
	notify   *fsnotify.Watcher
	wanted   interest
}

// newWatcher watches names, as a user's configuration has them.
func newWatcher(names []string, debounce time.Duration) (*watcher, error) {
	w := &watcher{debounce: debounce}
	for _, name := range names {
		if strings.HasPrefix(name, rulefiles.Prefix) {
			continue // part of the program
		}
		path, err := filepath.Abs(name)
		if err != nil {
			return nil, fmt.Errorf("watch rules files: %w", err)
		}
		w.paths = append(w.paths, path)
	}
	var err error
	if w.notify, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watch rules files: %w", err)
	}
	w.follow()
	return w, nil
}

// follow watches where the paths lead now. What changes before it returns may be
// missed: read the files after it.
func (w *watcher) follow() {
	// All anew: a directory in the place of another one has the same path.
	for _, dir := range w.notify.WatchList() {
		_ = w.notify.Remove(dir) // it may be gone
	}
	w.wanted = traceAll(w.paths)
	for dir := range w.wanted {
		_ = w.notify.Add(dir) // gone since: its parent is watched
	}
}

// wait returns true when something may have changed and then rested, false
// when stop was closed.
func (w *watcher) wait(stop <-chan struct{}) bool {
	again := time.NewTimer(lookAgain)
	defer again.Stop()
	for {
		select {
		case <-stop:
			return false
		case <-again.C:
			return true
		case lost := <-w.notify.Errors:
			if lost != nil { // there may have been more changes than fit
				return w.rest(stop)
			}
		case change := <-w.notify.Events:
			if w.matters(change) {
				return w.rest(stop)
			}
		}
	}
}

// rest waits until there was no change for the time of the debounce.
func (w *watcher) rest(stop <-chan struct{}) bool {
	rested, enough := time.NewTimer(w.debounce), time.NewTimer(maxDelays*w.debounce)
	defer rested.Stop()
	defer enough.Stop()
	for {
		select {
		case <-stop:
			return false
		case <-rested.C:
			return true
		case <-enough.C:
			return true
		case lost := <-w.notify.Errors:
			if lost != nil {
				rested.Reset(w.debounce)
			}
		case change := <-w.notify.Events:
			if w.matters(change) {
				rested.Reset(w.debounce)
			}
		}
	}
}

func (w *watcher) matters(change fsnotify.Event) bool {
	if change.Op == fsnotify.Chmod && !w.wanted.has(change.Name) {
		return false
	}
	_, watched := w.wanted[change.Name] // a watched directory itself moved or went
	return watched || w.wanted.has(change.Name)
}

func (w *watcher) close() error { return w.notify.Close() }
