package user

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Places keeps a Table in line with the account files of containers. What it is
// told is queued; files are read by Run, off the path of events.
type Places struct {
	table *Table
	root  string // of the host's file system
	queue chan visit

	places map[string]*place // by container; Run's own
	stuck  int               // reads that never ended
}

// visit is a process seen in a container; without done, the container is gone.
type visit struct {
	container string
	pid       int64
	done      func(known bool)
	tries     int
}

// place is a container whose files are read.
type place struct {
	files *Files
	pid   int64
	known bool
	stuck bool
}

// Bounds of reading containers' files, which containers can make slow.
const (
	maxVisits    = 1024
	readLimit    = time.Second
	maxStuck     = 16
	refreshEvery = 30 * time.Second
	// A container's first process begins on the host's file system, and may end
	// soon after it left that: it is looked at often, then less, for 240 ms.
	enterRetry = time.Millisecond
	enterEvery = 16 // tries after which the time between them doubles
	enterTries = 4 * enterEvery
)

// NewPlaces makes Places; root is where the host's file system is mounted.
func NewPlaces(table *Table, root string) *Places {
	return &Places{table: table, root: root, queue: make(chan visit, maxVisits), places: map[string]*place{}}
}

// Seen has the accounts of a container read, through a process in it. done is
// called when they are known or cannot be; it is not where the process has ended,
// because there may be others. Seen does not wait.
func (p *Places) Seen(container string, pid int64, done func(known bool)) {
	p.push(visit{container: container, pid: pid, done: done})
}

// Gone forgets a container.
func (p *Places) Gone(container string) { p.push(visit{container: container}) }

// push queues a visit, or lets go of it where too many wait.
func (p *Places) push(v visit) {
	select {
	case p.queue <- v:
	default:
		if v.done != nil {
			v.done(false)
		}
	}
}

// Run reads files until ctx ends, those of living containers again and again.
func (p *Places) Run(ctx context.Context) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-p.queue:
			p.visit(v)
		case <-tick.C:
			for _, place := range p.places {
				_ = p.read(place) // what was known stays
			}
		}
	}
}

func (p *Places) visit(v visit) {
	if v.done == nil {
		delete(p.places, v.container)
		p.table.Forget(v.container)
		return
	}
	at := p.places[v.container]
	if at == nil {
		at = &place{}
		p.places[v.container] = at
	}
	if at.known {
		v.done(true)
		return
	}
	if at.pid != v.pid {
		at.pid = v.pid
		at.files = NewFiles(p.table, v.container, p.rootOf(v.pid))
	}
	switch err := p.read(at); {
	case errors.Is(err, errNotEntered) && v.tries < enterTries:
		v.tries++
		time.AfterFunc(enterRetry<<(v.tries/enterEvery), func() { p.push(v) })
	case !errors.Is(err, fs.ErrNotExist):
		v.done(err == nil)
	}
}

func (p *Places) rootOf(pid int64) string {
	return filepath.Join(p.root, "proc", strconv.FormatInt(pid, 10), "root")
}

// errNotEntered is a process that has the host's file system still.
var errNotEntered = errors.New("user: the process is not in its container yet")

// errStuck is a container whose files could not be read in time.
var errStuck = errors.New("user: the container's files do not answer")

// read reads a container's files. A file system that the container made may
// never answer: then the container is not asked again.
func (p *Places) read(at *place) error {
	if at.stuck || p.stuck >= maxStuck {
		return errStuck
	}
	result := make(chan error, 1)
	files, root := at.files, p.rootOf(at.pid)
	go func() {
		if p.isHost(root) {
			result <- errNotEntered
			return
		}
		if err := files.Refresh(); err != nil {
			result <- err
			return
		}
		_, err := os.Stat(root)
		result <- err // a process that ended meanwhile had no files to show
	}()
	late := time.NewTimer(readLimit)
	defer late.Stop()
	select {
	case err := <-result:
		at.known = at.known || err == nil
		return err
	case <-late.C:
		at.stuck = true
		p.stuck++
		return errStuck
	}
}

// isHost tells whether a process's root directory is the host's.
func (p *Places) isHost(root string) bool {
	host, err := os.Stat(p.root)
	if err != nil {
		return false
	}
	own, err := os.Stat(root)
	return err == nil && os.SameFile(host, own)
}
