package k8sauditreceiver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/lannersec/lanner/receiver/k8sauditreceiver/internal/metadata"
)

// auditReceiver is the receiver: an HTTP server.
type auditReceiver struct {
	cfg  *Config
	set  receiver.Settings
	next consumer.Logs

	server  *http.Server
	address net.Addr // where it listens
	serving sync.WaitGroup
}

func newReceiver(cfg *Config, set receiver.Settings, next consumer.Logs) *auditReceiver {
	return &auditReceiver{cfg: cfg, set: set, next: next}
}

// Start listens, and serves on goroutines of its own.
func (r *auditReceiver) Start(ctx context.Context, host component.Host) error {
	h, err := r.newHandler()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(r.cfg.Path, h)
	server, err := r.cfg.HTTP.ToServer(ctx, host.GetExtensions(), r.set.TelemetrySettings, mux)
	if err != nil {
		return err
	}
	listener, err := r.cfg.HTTP.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	r.server, r.address = server, listener.Addr()
	r.set.Logger.Info("Waiting for audit events", zap.Stringer("address", r.address), zap.String("path", r.cfg.Path))
	r.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

func (r *auditReceiver) newHandler() (*handler, error) {
	transport := "http"
	if r.cfg.HTTP.TLS.HasValue() {
		transport = "https"
	}
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: r.set.ID, Transport: transport, ReceiverCreateSettings: r.set,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(r.set.TelemetrySettings, r.set.ID)
	if err != nil {
		return nil, err
	}
	return &handler{
		id: r.set.ID, cfg: r.cfg, next: r.next, obs: obs, telemetry: telemetry, log: r.set.Logger,
		version: r.set.BuildInfo.Version, slots: make(chan struct{}, r.cfg.MaxConcurrentRequests),
	}, nil
}

// Shutdown stops listening and waits for requests that are under way, at most as
// long as ctx allows. It may be called twice, and without Start.
func (r *auditReceiver) Shutdown(ctx context.Context) error {
	if r.server == nil {
		return nil
	}
	err := r.server.Shutdown(ctx)
	if err != nil { // a sender who is slow gets no answer, and comes again
		err = errors.Join(fmt.Errorf("requests are still under way: %w", err), r.server.Close())
	}
	r.serving.Wait()
	return err
}
