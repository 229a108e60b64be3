package migrate

import (
	"net"
	"strings"

	"gopkg.in/yaml.v3"
)

// logLevels are the Collector's levels by Falco's.
var logLevels = map[string]string{
	"emergency": "error", "alert": "error", "critical": "error", "error": "error",
	"warning": "warn", "notice": "info", "info": "info", "informational": "info", "debug": "debug",
}

func (m *migration) logLevel(n *yaml.Node) {
	level, ok := logLevels[strings.ToLower(text(n))]
	if !ok {
		m.note("%q is no level; the Collector's own stands", text(n))
		return
	}
	m.config.set(level, "service", "telemetry", "logs", "level")
}

// Falco's defaults where the key is not set.
const (
	webAddress = "0.0.0.0"
	webPort    = "8765"
	healthPath = "/healthz"
)

func (m *migration) webserver(n *yaml.Node) {
	if isOff(n) {
		return
	}
	address := net.JoinHostPort(or(text(get(n, "listen_address")), webAddress), or(text(get(n, "listen_port")), webPort))
	m.config.set(address, "extensions", "health_check", "endpoint")
	m.config.set(or(text(get(n, "k8s_healthz_endpoint")), healthPath), "extensions", "health_check", "path")
	m.config.set("health_check", "service", "extensions", appendItem)
	if isTrue(get(n, "ssl_enabled")) {
		m.note("ssl_enabled: set tls of the health_check extension; it takes certificate and key in two files")
	}
	if isTrue(get(n, "prometheus_metrics_enabled")) {
		m.prometheus()
	}
}

// prometheus offers the metrics where Prometheus can fetch them. It cannot be
// the health check's port.
func (m *migration) prometheus() {
	m.config.set(map[string]any{"pull": map[string]any{"exporter": map[string]any{"prometheus": map[string]any{
		"host": webAddress, "port": 8888,
	}}}}, "service", "telemetry", "metrics", "readers", appendItem)
	m.note("prometheus_metrics_enabled: metrics are offered on port 8888, at /metrics; docs/metrics.md maps their names")
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func (m *migration) metrics(n *yaml.Node) {
	if isOff(n) {
		m.config.set("none", "service", "telemetry", "metrics", "level")
		return
	}
	m.config.set("detailed", "service", "telemetry", "metrics", "level")
	if interval := text(get(n, "interval")); interval != "" {
		if _, err := ParseInterval(interval); err != nil {
			m.note("interval %q: %v", interval, err)
		} else {
			m.note("interval %s: it is set on the reader that sends metrics, service::telemetry::metrics::readers", interval)
		}
	}
	if isTrue(get(n, "output_rule")) {
		m.note("output_rule: metrics are not detections; the Collector's own telemetry carries them")
	}
	if file := text(get(n, "output_file")); file != "" {
		m.note("output_file: the Collector's own telemetry carries metrics; none goes to %s", file)
	}
}
