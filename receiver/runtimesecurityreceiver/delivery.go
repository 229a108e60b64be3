package runtimesecurityreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/otelmap"
)

// Causes for which a detection is lost.
const (
	lostQueueFull = "queue_full"
	lostRefused   = "refused"
)

// The wait between two offers of records that the pipeline refused.
const (
	firstRetryWait = 100 * time.Millisecond
	maxRetryWait   = 5 * time.Second
)

// delivery takes detections off the path of events: they wait in a bounded
// queue for the one goroutine that maps them, batches them and hands them to
// the pipeline.
type delivery struct {
	cfg    DeliveryConfig
	origin otelmap.Origin
	next   consumer.Logs
	obs    *receiverhelper.ObsReport
	lost   metric.Int64Counter
	log    *zap.Logger
	queue  chan *engine.Detection
}

// put queues a detection, or counts it as lost. It never waits.
func (d *delivery) put(det *engine.Detection) {
	select {
	case d.queue <- det:
	default:
		d.count(lostQueueFull, 1)
	}
}

// run delivers until the queue is closed and empty. The end of ctx ends only
// the waiting for a pipeline that refuses.
func (d *delivery) run(ctx context.Context) {
	batch := otelmap.NewBatch(d.origin)
	delay := time.NewTimer(0)
	defer delay.Stop()
	for {
		select {
		case det, open := <-d.queue:
			if !open {
				d.flush(ctx, batch)
				return
			}
			if batch.Len() == 0 {
				delay.Reset(d.cfg.BatchDelay)
			}
			batch.Add(det, time.Now())
			if batch.Len() >= d.cfg.BatchSize {
				d.flush(ctx, batch)
			}
		case <-delay.C:
			d.flush(ctx, batch)
		}
	}
}

// flush hands the batch to the pipeline and counts what that does not take.
func (d *delivery) flush(ctx context.Context, batch *otelmap.Batch) {
	n := batch.Len()
	if n == 0 {
		return
	}
	err := d.offer(ctx, batch.Take(), n)
	if err != nil {
		d.count(lostRefused, n)
		d.log.Error("The pipeline refused detections", zap.Int("detections", n), zap.Error(err))
	}
}

// offer offers logs until they are taken, refused for good, or RetryFor is over.
func (d *delivery) offer(ctx context.Context, logs plog.Logs, n int) error {
	over := time.Now().Add(d.cfg.RetryFor)
	for wait := firstRetryWait; ; wait = min(2*wait, maxRetryWait) {
		err := d.consume(ctx, logs, n)
		if err == nil || consumererror.IsPermanent(err) || time.Now().Add(wait).After(over) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// consume offers logs once. It gives away a copy, because a pipeline that fails
// may have changed them.
func (d *delivery) consume(ctx context.Context, logs plog.Logs, n int) error {
	offered := plog.NewLogs()
	logs.CopyTo(offered)
	op := d.obs.StartLogsOp(context.WithoutCancel(ctx))
	err := d.next.ConsumeLogs(op, offered)
	d.obs.EndLogsOp(op, "lanner", n, err)
	return err
}

func (d *delivery) count(cause string, n int) {
	d.lost.Add(context.Background(), int64(n), metric.WithAttributes(attribute.String("cause", cause)))
}
