package runtimesecurityreceiver

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/noise"
	"github.com/lannersec/lanner/otelmap"
)

// Causes for which a record is lost.
const (
	lostQueueFull = "queue_full"
	lostRefused   = "refused"
)

// Reasons why a detection has no record of its own.
const (
	withheldAggregated = "aggregated"
	withheldCeiling    = "ceiling"
)

// loss is a way in which detections are lost.
type loss struct{ cause, priority string }

// The wait between two offers of records that the pipeline refused.
const (
	firstRetryWait = 100 * time.Millisecond
	maxRetryWait   = 5 * time.Second
)

// tickEvery is how often the noise filter is asked for what is due.
const tickEvery = 100 * time.Millisecond

// delivery takes detections off the path of events: they wait in a bounded
// queue for the one goroutine that maps them, batches them and hands them to
// the pipeline.
type delivery struct {
	cfg   DeliveryConfig
	next  consumer.Logs
	obs   *receiverhelper.ObsReport
	log   *zap.Logger
	queue *queue
	batch *otelmap.Batch
	noise *noise.Filter
	// inBatch counts the detections of the batch by priority.
	inBatch map[rules.Priority]uint64

	mu       sync.Mutex
	lost     map[loss]uint64
	withheld map[string]uint64 // detections without a record of their own, by reason
}

func newDelivery(cfg *Config, origin otelmap.Origin, next consumer.Logs, obs *receiverhelper.ObsReport, log *zap.Logger) *delivery {
	d := &delivery{
		cfg: cfg.Delivery, next: next, obs: obs, log: log,
		queue:    newQueue(cfg.Delivery.QueueSize),
		batch:    otelmap.NewBatch(origin),
		inBatch:  map[rules.Priority]uint64{},
		lost:     map[loss]uint64{},
		withheld: map[string]uint64{withheldAggregated: 0, withheldCeiling: 0},
	}
	for priority := rules.Emergency; priority <= rules.Debug; priority++ { // each has a series from the start
		d.lost[loss{lostQueueFull, priority.String()}] = 0
		d.lost[loss{lostRefused, priority.String()}] = 0
	}
	d.noise = noise.New(cfg.Noise, d)
	return d
}

// put queues a detection, or counts one as lost. It never waits.
func (d *delivery) put(det *engine.Detection) { d.enqueue(item{det: det}) }

// tell queues a notice.
func (d *delivery) tell(n otelmap.Notice) { d.enqueue(item{notice: &n}) }

func (d *delivery) enqueue(i item) {
	if lost, full := d.queue.put(i); full {
		d.countLost(lostQueueFull, lost.lane(), 1)
	}
}

// run delivers until the queue has ended and is empty. The end of ctx ends only
// the waiting for a pipeline that refuses.
func (d *delivery) run(ctx context.Context) {
	delay, tick := time.NewTimer(0), time.NewTicker(tickEvery)
	defer delay.Stop()
	defer tick.Stop()
	for {
		select {
		case <-d.queue.ready:
			if d.batch.Len() == 0 {
				delay.Reset(d.cfg.BatchDelay)
			}
			d.drain(ctx)
			if d.queue.over() {
				d.drain(ctx)
				d.noise.Flush(time.Now())
				d.flush(ctx)
				return
			}
		case <-delay.C:
			d.flush(ctx)
		case <-tick.C:
			if d.noise.Waits() {
				d.noise.Tick(time.Now())
				d.flush(ctx)
			}
		}
	}
}

// drain empties the queue into batches.
func (d *delivery) drain(ctx context.Context) {
	for i, ok := d.queue.take(); ok; i, ok = d.queue.take() {
		if i.det != nil {
			d.noise.Add(i.det, time.Now())
		} else {
			d.batch.AddNotice(*i.notice, time.Now())
			d.inBatch[0]++
		}
		if d.batch.Len() >= d.cfg.BatchSize {
			d.flush(ctx)
		}
	}
}

// Detection implements noise.Sink.
func (d *delivery) Detection(det *engine.Detection, n otelmap.Aggregate) {
	d.batch.AddAggregate(det, n, time.Now())
	d.inBatch[det.Rule.Priority] += n.Count
	d.withhold(withheldAggregated, n.Count-1)
}

// Summary implements noise.Sink.
func (d *delivery) Summary(rule *rules.Rule, n otelmap.Aggregate) {
	d.batch.AddSummary(rule, n, time.Now())
	d.inBatch[rule.Priority] += n.Count
	d.withhold(withheldCeiling, n.Count)
}

// flush hands the batch to the pipeline and counts what that does not take.
func (d *delivery) flush(ctx context.Context) {
	n := d.batch.Len()
	if n == 0 {
		return
	}
	if err := d.offer(ctx, d.batch.Take(), n); err != nil {
		d.log.Error("The pipeline refused detections", zap.Int("records", n), zap.Error(err))
		for priority, lost := range d.inBatch {
			d.countLost(lostRefused, priority, lost)
		}
	}
	clear(d.inBatch)
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

// countLost counts lost detections. A lost notice is logged: nothing hides in it.
func (d *delivery) countLost(cause string, priority rules.Priority, n uint64) {
	if priority == 0 {
		d.log.Warn("A notice is lost", zap.String("cause", cause))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost[loss{cause, priority.String()}] += n
}

func (d *delivery) withhold(reason string, n uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.withheld[reason] += n
}

// deliveryStats are a delivery's counters.
type deliveryStats struct {
	waiting  int
	lost     map[loss]uint64
	withheld map[string]uint64
}

// stats may be called from any goroutine.
func (d *delivery) stats() deliveryStats {
	s := deliveryStats{waiting: d.queue.len(), lost: map[loss]uint64{}, withheld: map[string]uint64{}}
	d.mu.Lock()
	defer d.mu.Unlock()
	for l, n := range d.lost {
		s.lost[l] = n
	}
	for reason, n := range d.withheld {
		s.withheld[reason] = n
	}
	return s
}
