package k8sauditreceiver

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
)

// format is the name of the form of the data in the Collector's own telemetry.
const format = "k8s_audit"

// handler answers the requests of API servers.
type handler struct {
	id        component.ID
	cfg       *Config
	next      consumer.Logs
	obs       *receiverhelper.ObsReport
	telemetry *metadata.TelemetryBuilder
	log       *zap.Logger
	version   string
	slots     chan struct{} // has an element for each request that is read
	splitters sync.Pool     // of *splitter
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.serve(r); err != nil {
		h.refuse(w, err)
	}
}

func (h *handler) serve(r *http.Request) error {
	if r.Method != http.MethodPost {
		return errMethod
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return errMediaType
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		return errBusy
	}
	return h.read(r.Context(), r.Body)
}

// isJSON tells whether a content type is one of audit events.
func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || media == "application/x-ndjson")
}

// read delivers the events of a request. It returns when the pipeline has taken
// them all.
func (h *handler) read(ctx context.Context, body io.Reader) error {
	s, _ := h.splitters.Get().(*splitter)
	if s == nil {
		s = new(splitter)
	}
	defer h.splitters.Put(s)
	s.reset(body)
	for {
		b := newBatch(h.cfg.ClusterName, h.version)
		done, err := b.fill(s, time.Now())
		if err != nil {
			return err // events of this batch are not delivered: the request is wrong
		}
		if err := h.deliver(ctx, b); err != nil {
			return err
		}
		if done {
			return nil
		}
	}
}

// deliver gives a batch to the pipeline.
func (h *handler) deliver(ctx context.Context, b *batch) error {
	n := b.len()
	if n == 0 {
		return nil
	}
	op := h.obs.StartLogsOp(ctx)
	err := h.next.ConsumeLogs(op, b.logs)
	h.obs.EndLogsOp(op, format, n, err)
	if err != nil {
		return &pipelineError{err}
	}
	return nil
}

// refuse tells the sender, and who runs the Collector, what was wrong.
func (h *handler) refuse(w http.ResponseWriter, err error) {
	why := classify(err)
	h.telemetry.LannerAuditRequestsRefused.Add(context.Background(), 1,
		metric.WithAttributes(attribute.String("receiver", h.id.String()), attribute.String("cause", why.cause)))
	h.log.Warn("A request was refused", zap.String("cause", why.cause), zap.Int("status", why.status), zap.Error(err))
	if why.retry {
		w.Header().Set("Retry-After", strconv.Itoa(int((h.cfg.RetryAfter+time.Second-1)/time.Second)))
	}
	if errors.Is(err, errMethod) {
		w.Header().Set("Allow", http.MethodPost)
	}
	text := err.Error()
	if why.hide {
		text = why.cause
	}
	http.Error(w, text, why.status)
}
