package securityrulesprocessor

import (
	"context"
	"runtime"
)

// pool lends workers to goroutines that bring records. There are as many as can
// run at once; who finds none waits.
type pool chan *worker

func newPool(make1 func() (*worker, error)) (pool, error) {
	p := make(pool, runtime.GOMAXPROCS(0))
	for range cap(p) {
		w, err := make1()
		if err != nil {
			return nil, err
		}
		p <- w
	}
	return p, nil
}

// take waits for a worker, at most as long as ctx.
func (p pool) take(ctx context.Context) (*worker, error) {
	select {
	case w := <-p:
		w.follow()
		return w, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// give takes a worker back.
func (p pool) give(w *worker) {
	w.pause()
	p <- w
}
