package runtimesecurityreceiver

import (
	"context"
	"net"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/identity/hostname"
	"github.com/lannersec/lanner/source/syscall"
)

// namesEvery is how often host names are resolved again.
const namesEvery = 5 * time.Minute

// nameRefresher keeps the addresses of the host names that rules name up to
// date, off the path of events.
type nameRefresher struct {
	names  *hostname.Names
	log    *zap.Logger
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup

	started bool
}

func newNameRefresher(log *zap.Logger) *nameRefresher {
	ctx, cancel := context.WithCancel(context.Background())
	return &nameRefresher{names: hostname.New(net.DefaultResolver), log: log, ctx: ctx, cancel: cancel}
}

// start resolves the names of the engine's rules in the background until stop.
func (n *nameRefresher) start(eng *engine.Engine) {
	n.started = true
	n.follow(eng)
	n.done.Go(func() { n.names.Run(n.ctx, namesEvery) })
}

// follow turns to the names of the rules that run now.
func (n *nameRefresher) follow(eng *engine.Engine) {
	if !n.started {
		return
	}
	wanted := eng.Constants(syscall.SourceName, syscall.HostNameFields...)
	if left := n.names.Want(wanted); left > 0 {
		n.log.Warn("Rules name too many hosts; not all are resolved", zap.Int("left_out", left))
	}
}

func (n *nameRefresher) stop() {
	n.cancel()
	n.done.Wait()
}
