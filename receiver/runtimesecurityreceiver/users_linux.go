package runtimesecurityreceiver

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/lannersec/lanner/identity/user"
)

// usersEvery is how often the account files are looked at for changes.
const usersEvery = 30 * time.Second

// userRefresher keeps names of users and groups up to date, off the path of
// events.
type userRefresher struct {
	files *user.Files
	log   *zap.Logger
	quit  chan struct{}
	done  sync.WaitGroup
}

func newUserRefresher(files *user.Files, log *zap.Logger) *userRefresher {
	return &userRefresher{files: files, log: log, quit: make(chan struct{})}
}

// start reads the files once, so that the first events have names already, and
// goes on in the background until stop.
func (u *userRefresher) start() {
	u.refresh()
	u.done.Go(func() {
		tick := time.NewTicker(usersEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				u.refresh()
			case <-u.quit:
				return
			}
		}
	})
}

// refresh keeps the old names where the files cannot be read.
func (u *userRefresher) refresh() {
	if err := u.files.Refresh(); err != nil {
		u.log.Warn("The names of users and groups cannot be read", zap.Error(err))
	}
}

func (u *userRefresher) stop() {
	close(u.quit)
	u.done.Wait()
}
