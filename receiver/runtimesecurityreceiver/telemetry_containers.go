package runtimesecurityreceiver

import (
	"context"

	"go.opentelemetry.io/otel/metric"

	"github.com/lannersec/lanner/identity/container"
	"github.com/lannersec/lanner/internal/rulemetrics"
	"github.com/lannersec/lanner/receiver/runtimesecurityreceiver/internal/metadata"
	"github.com/lannersec/lanner/source/syscall"
)

// containerStats are what is known of containers, and what waits for that.
type containerStats struct {
	known container.Stats
	held  syscall.HeldStats
}

// containerWatcher is a stream that knows containers.
type containerWatcher interface{ Containers() containerStats }

// observeContainers connects the instruments about containers, where the stream
// knows any.
func observeContainers(b *metadata.TelemetryBuilder, s stream) error {
	watcher, ok := s.(containerWatcher)
	if !ok {
		return nil
	}
	return b.Observe(func(_ context.Context, o metric.Observer) error {
		stats := watcher.Containers()
		observeDirectory(b, &stats.known, o)
		o.ObserveInt64(b.LannerEnrichmentWaiting, stats.held.Waiting)
		for outcome, n := range stats.held.Ended {
			o.ObserveInt64(b.LannerEnrichmentWaits, int64(n), rulemetrics.With("outcome", outcome))
		}
		return nil
	}, b.LannerContainers, b.LannerContainersEvictions, b.LannerContainersLookups, b.LannerContainersLookupsTime,
		b.LannerContainersRuntimes, b.LannerEnrichmentWaiting, b.LannerEnrichmentWaits)
}

func observeDirectory(b *metadata.TelemetryBuilder, stats *container.Stats, o metric.Observer) {
	o.ObserveInt64(b.LannerContainers, stats.Containers-stats.Unknown, rulemetrics.With("state", "known"))
	o.ObserveInt64(b.LannerContainers, stats.Unknown, rulemetrics.With("state", "unknown"))
	o.ObserveInt64(b.LannerContainersEvictions, int64(stats.Evicted))
	o.ObserveFloat64(b.LannerContainersLookupsTime, stats.Duration.Seconds())
	for outcome, n := range stats.Lookups {
		o.ObserveInt64(b.LannerContainersLookups, int64(n), rulemetrics.With("outcome", outcome))
	}
	for socket, answers := range stats.Runtimes {
		n := int64(0)
		if answers {
			n = 1
		}
		o.ObserveInt64(b.LannerContainersRuntimes, n, rulemetrics.With("runtime", socket.Kind, "socket", socket.Path))
	}
}
