package ruletest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/source/catalog"
	"github.com/lannersec/lanner/source/document"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// Options are what scripts run with.
type Options struct {
	// ReadFile reads a file that a script names; nil is os.ReadFile.
	ReadFile func(name string) ([]byte, error)
}

// Result is what came of a script.
type Result struct {
	File         string
	Chunks       int
	Expectations int
	// Failures are in the order of the script's lines; none is success.
	Failures []Failure
	// Files are what the script reads: rules and captures.
	Files []string
}

// Failed tells whether something was not as expected.
func (r *Result) Failed() bool { return len(r.Failures) > 0 }

// File runs a script file. The error tells that it cannot be read.
func File(name string, opts Options) (*Result, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Text(name, text, opts), nil
}

// Text runs the text of a script; rule files are looked for beside name.
func Text(name string, text []byte, opts Options) *Result {
	return runScript(Parse(name, text), opts)
}

func runScript(s *Script, opts Options) *Result {
	if opts.ReadFile == nil {
		opts.ReadFile = os.ReadFile
	}
	result := &Result{File: s.Name, Chunks: len(s.Chunks)}
	failures := s.Failures
	for i := range s.Chunks {
		run := &run{opts: opts, script: s, result: result, dir: filepath.Dir(s.Name)}
		run.chunk(&s.Chunks[i])
		failures = append(failures, run.failures...)
	}
	result.Failures = settle(s, failures)
	return result
}

// run is the running of one chunk.
type run struct {
	opts     Options
	script   *Script
	result   *Result
	dir      string
	machine  *machine
	readers  map[string]*document.Reader // of JSON, by source
	engine   *engineRun
	failures []Failure

	// pending are the detections that no expectation has taken yet.
	pending []seen
	// expecting tells that the last step was an expectation: the next event
	// begins another group.
	expecting bool
	acts      int // events since the last expectations
	last      lastEvent
}

// lastEvent is the newest event, for expectations about conditions and fields.
type lastEvent struct {
	event  *event.Event
	source field.Source
}

func (r *run) failf(line int, format string, args ...any) {
	r.failures = append(r.failures, Failure{r.script.Name, line, fmt.Sprintf(format, args...)})
}

func (r *run) chunk(c *Chunk) {
	r.machine = newMachine()
	r.readers = map[string]*document.Reader{}
	for _, source := range catalog.Documents() {
		r.readers[source.Name()] = document.NewReader(source)
	}
	if r.engine = r.load(c); r.engine == nil {
		return // what does not load does not run
	}
	for _, step := range c.Steps {
		r.step(step)
	}
	r.settlePending()
}

// step runs a step of a chunk whose rules are loaded.
func (r *run) step(step Step) {
	switch step := step.(type) {
	case *Declare:
		if err := r.machine.declare(step); err != nil {
			r.failf(step.line(), "%v", err)
		}
	case *Wait:
		r.machine.clock += uint64(step.For)
	case *Act:
		r.act(step)
	case *Feed:
		r.feed(step)
	case *Replay:
		r.replay(step)
	case *ExpectFire, *ExpectSilent, *ExpectTruth, *ExpectValue:
		r.result.Expectations++
		r.expect(step)
	}
}

func (r *run) act(a *Act) {
	r.beginEvents()
	src := syscall.Source()
	err := r.machine.perform(a, func() {
		ev := &r.machine.event.Head
		r.last = lastEvent{ev, src}
		r.evaluate(a.line(), src, ev)
	})
	if err != nil {
		r.failf(a.line(), "%v", err)
	}
}

// feed gives the events of a JSON text.
func (r *run) feed(f *Feed) {
	r.beginEvents()
	reader := r.readers[f.Source]
	if reader == nil {
		r.failf(f.line(), "no source %q takes JSON; these do: %s", f.Source, keysOf(r.readers))
		return
	}
	origin := document.Origin{Received: r.machine.tick(), Type: f.Type, Host: hostName}
	_, err := reader.Read(f.Text, origin, func(e *document.Event) {
		r.last = lastEvent{&e.Head, e.Source}
		r.evaluate(f.line(), e.Source, &e.Head)
	})
	if err != nil {
		r.failf(f.line(), "%v", err)
	}
}

func (r *run) replay(step *Replay) {
	r.beginEvents()
	data, err := r.read(step.File)
	if err != nil {
		r.failf(step.line(), "%v", err)
		return
	}
	src := syscall.Source()
	err = replay(data, func(ev *event.Event) {
		r.last = lastEvent{ev, src}
		r.evaluate(step.line(), src, ev)
	})
	if err != nil {
		r.failf(step.line(), "%s: %v", step.File, err)
	}
}

// replay calls see for each event of a capture.
func replay(data []byte, see func(*event.Event)) error {
	capture, err := scap.NewReader(bytes.NewReader(data), scap.Options{})
	if err != nil {
		return err
	}
	for {
		ev, err := capture.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		see(&ev.Head)
	}
}

// read reads a file that the script names.
func (r *run) read(name string) ([]byte, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.dir, name)
	}
	if !slices.Contains(r.result.Files, name) {
		r.result.Files = append(r.result.Files, name)
	}
	return r.opts.ReadFile(name)
}

// beginEvents settles the group of expectations that an event ends.
func (r *run) beginEvents() {
	if r.expecting {
		r.settlePending()
		r.expecting, r.acts = false, 0
	}
	r.acts++
}

// settlePending reports the detections that nobody expected, where they happened.
func (r *run) settlePending() {
	for _, d := range r.pending {
		r.failf(d.line, "%s fired and was not expected: %s", d.name(), d.Output)
	}
	r.pending = nil
}
