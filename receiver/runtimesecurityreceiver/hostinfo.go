package runtimesecurityreceiver

import (
	"os"
	"path/filepath"
	"strings"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// hostResource are the attributes of the host that no event carries.
func hostResource(cfg *Config) map[string]string {
	resource := map[string]string{}
	if id := machineID(cfg.HostRoot); id != "" {
		resource[string(semconv.HostIDKey)] = id
	}
	if cfg.NodeName != "" {
		resource[string(semconv.K8SNodeNameKey)] = cfg.NodeName
	}
	return resource
}

// machineID reads what systemd and D-Bus call the machine's id; it is empty
// where the host has none.
func machineID(hostRoot string) string {
	for _, name := range []string{"etc/machine-id", "var/lib/dbus/machine-id"} {
		data, err := os.ReadFile(filepath.Join(hostRoot, name))
		if id := strings.TrimSpace(string(data)); err == nil && id != "" {
			return id
		}
	}
	return ""
}
