// Package reload keeps the rules of an engine in step with their files. Rules
// compile beside those that run and take their place at once; where they are
// broken, or cannot be read, those from before go on.
//
//	first := reload.Load(eng, names)       // fails the start where first.Err is set
//	r, err := reload.Start(reload.Options{…}, first)
//	defer r.Close()
package reload

import (
	"fmt"
	"sync"
	"time"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/rulefiles"
)

// Options are what a Reloader works with.
type Options struct {
	Config
	Engine *engine.Engine
	// Names are the files and directories, as the user's configuration has them.
	Names []string
	// Capture, if there is one, is told which rules may run: before the swap
	// those from before and the next ones, after it only these. An error before
	// the swap prevents it.
	Capture func(sets ...*rules.Set) error
	// Report is called with the result of each reading after the first that
	// found other files than the one before. It is called from one goroutine.
	Report func(*Result)
}

// Reloader watches and reloads until Close.
type Reloader struct {
	opts    Options
	watch   *watcher
	seen    string // fingerprint of the last reading
	stop    chan struct{}
	closing sync.Once
	done    sync.WaitGroup
}

// Load reads and runs rules for the first time.
func Load(eng *engine.Engine, names []string) *Result {
	return load(Options{Engine: eng, Names: names}, read(names))
}

// reading is what files held.
type reading struct {
	began time.Time
	files []rules.File
	err   error
}

func read(names []string) reading {
	began := time.Now()
	files, err := rulefiles.Read(names)
	return reading{began, files, err}
}

func load(opts Options, what reading) *Result {
	before := opts.Engine.Set()
	result := &Result{Files: hashes(what.files), Err: what.err, Set: before}
	if what.err == nil {
		report := opts.Engine.Compile(what.files)
		result.Warnings = report.Diagnostics.Warnings()
		result.Err = opts.run(before, report)
	}
	result.Set = opts.Engine.Set()
	result.Changes = rules.Compare(before, result.Set)
	result.Time = time.Now()
	result.Took = result.Time.Sub(what.began)
	return result
}

// run puts what was compiled in the place of what ran before.
func (o *Options) run(before *rules.Set, report *engine.Report) error {
	if report.Diagnostics.HasErrors() {
		return broken(report.Diagnostics.Errors())
	}
	if err := o.capture(before, report.Set); err != nil {
		return err
	}
	o.Engine.Run(report)
	return o.capture(report.Set)
}

func (o *Options) capture(sets ...*rules.Set) error {
	if o.Capture == nil {
		return nil
	}
	if err := o.Capture(sets...); err != nil {
		return fmt.Errorf("capture what the rules need: %w", err)
	}
	return nil
}

// Start watches the files, from the moment on at which first was read. It does
// nothing where the options do not enable it.
func Start(opts Options, first *Result) (*Reloader, error) {
	r := &Reloader{opts: opts, stop: make(chan struct{})}
	if !opts.Enabled {
		return r, nil
	}
	watch, err := newWatcher(opts.Names, opts.Debounce)
	if err != nil {
		return nil, err
	}
	r.watch, r.seen = watch, fmt.Sprint(first.Files)
	r.done.Go(r.run)
	return r, nil
}

func (r *Reloader) run() {
	r.check() // what changed before the watching began
	for r.watch.wait(r.stop) {
		r.watch.follow()
		r.check()
	}
}

// check reads the files, and loads them if they are not as they were.
func (r *Reloader) check() {
	what := read(r.opts.Names)
	now := fingerprint(what.files, what.err)
	if now == r.seen {
		return
	}
	r.seen = now
	r.opts.Report(load(r.opts, what))
}

// Close ends the watching and waits for a reload that is under way. It may be
// called twice.
func (r *Reloader) Close() error {
	var err error
	r.closing.Do(func() {
		close(r.stop)
		r.done.Wait()
		if r.watch != nil {
			err = r.watch.close()
		}
	})
	return err
}
