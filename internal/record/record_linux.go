// Package record writes what live capture sees to a capture file.
package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/scap"
	"github.com/lannersec/lanner/source/syscall"
)

// Options are what to record.
type Options struct {
	HostRoot    string        // where the host's file system is; empty: /
	Environment bool          // keep the environments of programs
	Types       event.TypeSet // nil: all
	MaxBytes    int64         // of the capture; 0: no bound
	// Each is called for every event that was written; nil: nothing is.
	Each func(*syscall.Event)
}

// Summary tells what a recording holds, and what it lacks.
type Summary struct {
	Events  uint64
	Lost    uint64 // that the kernel could not hand over
	Skipped uint64 // that could not be decoded or written
	Bytes   int64
	Full    bool // it ended because MaxBytes was reached
}

// Recorder records this machine. It belongs to one goroutine.
type Recorder struct {
	opts    Options
	capture *bpf.Capture
	decoder *syscall.LiveDecoder
	threads *process.Table
	users   *user.Table
	procfs  *process.Procfs
	boot    uint64
	host    string
}

// Open begins to capture: events wait in the kernel's ring until Run.
func Open(opts Options) (*Recorder, error) {
	if opts.HostRoot == "" {
		opts.HostRoot = "/"
	}
	r := &Recorder{opts: opts, threads: process.NewTable(process.Options{}), users: &user.Table{}}
	var err error
	if r.capture, err = bpf.Open(bpf.Config{Env: opts.Environment, SkipSelf: true}); err != nil {
		return nil, err
	}
	if err := r.start(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close ends the capture.
func (r *Recorder) Close() error { return r.capture.Close() }

// start turns the events on, and then reads what was there before: what changes
// in between is seen twice rather than never.
func (r *Recorder) start() (err error) {
	if r.host, err = os.Hostname(); err != nil {
		return err
	}
	if r.boot, err = bpf.BootTime(); err != nil {
		return err
	}
	if r.procfs, err = process.OpenProcfs(filepath.Join(r.opts.HostRoot, "proc"), ""); err != nil {
		return err
	}
	types := r.opts.Types
	if types == nil {
		types = event.AllTypes(syscall.Types().Len())
	}
	if err := r.capture.SetTypes(types); err != nil {
		return err
	}
	if _, err := r.procfs.Snapshot(r.threads); err != nil {
		return err
	}
	r.procfs.Descriptors(r.threads)
	r.decoder = syscall.NewLiveDecoder(r.threads, &syscall.Host{Name: r.host, Threads: r.threads, Users: r.users}, r.boot)
	r.decoder.Heal = func(th *process.Thread) {
		// The process may have ended: what the event tells of it stays.
		_ = r.procfs.Refresh(r.threads, th.PID)
	}
	return user.NewFiles(r.users, "", r.opts.HostRoot).Refresh()
}

// Run writes what the machine is, and then its events until ctx ends or the
// capture is as large as it may be.
func (r *Recorder) Run(ctx context.Context, w *scap.Writer) (Summary, error) {
	w.Environment = r.opts.Environment
	if err := r.writeMachine(w); err != nil {
		return Summary{}, err
	}
	var sum Summary
	err := r.events(ctx, w, &sum)
	sum.Bytes = w.Written()
	stats, statsErr := r.capture.Stats()
	for _, call := range stats.Calls {
		sum.Lost += call.Dropped()
	}
	return sum, errors.Join(err, statsErr)
}

func (r *Recorder) writeMachine(w *scap.Writer) error {
	users, groups := r.users.All("")
	return errors.Join(
		w.Machine(scap.Machine{CPUs: uint32(runtime.NumCPU()), Hostname: r.host, BootTime: r.boot}),
		w.Users(users, groups),
		w.Threads(r.threads))
}

func (r *Recorder) events(ctx context.Context, w *scap.Writer, sum *Summary) error {
	var e syscall.Event
	for ctx.Err() == nil {
		sample, err := r.capture.Read()
		switch {
		case errors.Is(err, bpf.ErrIdle):
			continue
		case err != nil:
			return fmt.Errorf("capture: %w", err)
		}
		if r.decoder.Decode(sample, &e) != nil {
			sum.Skipped++
			continue
		}
		if err := w.Event(&e); errors.Is(err, scap.ErrTooBig) {
			sum.Skipped++
			continue
		} else if err != nil {
			return err
		}
		sum.Events++
		if r.opts.Each != nil {
			r.opts.Each(&e)
		}
		if r.opts.MaxBytes > 0 && w.Written() >= r.opts.MaxBytes {
			sum.Full = true
			return nil
		}
	}
	return nil
}
