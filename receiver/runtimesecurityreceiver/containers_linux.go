package runtimesecurityreceiver

import (
	"context"
	"path/filepath"
	"sync"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/syscall"
)

// containers knows the host's containers and their users, off the path of
// events, and holds the events that wait for that.
type containers struct {
	directory *container.Directory
	places    *user.Places
	held      *syscall.Held
	cancel    context.CancelFunc
	done      sync.WaitGroup
}

// openContainers begins to look for the runtimes.
func openContainers(cfg *Config, users *user.Table, eng *engine.Engine, log *zap.Logger) *containers {
	wants := func(id event.TypeID) bool { return eng.Types(syscall.SourceName).Has(id) }
	c := &containers{
		places: user.NewPlaces(users, cfg.HostRoot),
		held:   syscall.NewHeld(cfg.Containers.Wait, cfg.Containers.WaitingEvents, wants),
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.done.Go(func() { c.places.Run(ctx) })
	c.directory = container.Open(container.Options{
		Sockets: sockets(cfg),
		Timeout: cfg.Containers.Timeout,
		Size:    cfg.Containers.CacheSize,
		Report:  func(s container.Socket, name string, err error) { logRuntime(log, s, name, err) },
		Seen:    func(i *container.Info, pid int64, done func(bool)) { c.places.Seen(i.ID, pid, done) },
		Gone:    func(i *container.Info) { c.places.Gone(i.ID) },
	})
	return c
}

// sockets are those of the configuration, then those of the usual places.
func sockets(cfg *Config) []container.Socket {
	var all []container.Socket
	seen := map[string]bool{}
	add := func(s container.Socket) {
		real := s.Path
		if resolved, err := filepath.EvalSymlinks(s.Path); err == nil {
			real = resolved // podman's stand-in for Docker is a link
		}
		if !seen[real] {
			seen[real] = true
			all = append(all, s)
		}
	}
	for _, s := range cfg.Containers.Sockets {
		add(container.Socket{Kind: s.Type, Path: filepath.Join(cfg.HostRoot, s.Path)})
	}
	if cfg.Containers.Discover {
		for _, s := range container.UsualSockets(cfg.HostRoot) {
			add(s)
		}
	}
	return all
}

// logRuntime tells of runtimes that come and go. Of those at usual places most
// are on no host.
func logRuntime(log *zap.Logger, s container.Socket, name string, err error) {
	at := []zap.Field{zap.String("type", s.Kind), zap.String("path", s.Path), zap.String("runtime", name)}
	switch {
	case err == nil:
		log.Info("A container runtime answers", at...)
	case name != "":
		log.Warn("A container runtime does not answer any more", append(at, zap.Error(err))...)
	default:
		log.Debug("No container runtime answers", append(at, zap.Error(err))...)
	}
}

// next is an event that need not wait any longer, nil where there is none.
func (c *containers) next() *syscall.Event {
	if c == nil {
		return nil
	}
	return c.held.Next()
}

// take keeps a copy of an event that has to wait.
func (c *containers) take(e *syscall.Event) bool { return c != nil && c.held.Take(e) }

// expire ends all waiting; it tells whether there was any.
func (c *containers) expire() bool {
	if c == nil || c.held.Empty() {
		return false
	}
	c.held.Expire()
	return true
}

func (c *containers) stats() containerStats {
	if c == nil {
		return containerStats{}
	}
	return containerStats{c.directory.Stats(), c.held.Stats()}
}

func (c *containers) close() {
	c.directory.Close()
	c.cancel()
	c.done.Wait()
}
