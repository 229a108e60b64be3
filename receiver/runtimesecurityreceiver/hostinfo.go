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
	if id := machineID(cfg.HostRoot); id != "" && len(cfg.Replay.Files) == 0 { // a capture may be another machine's
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

// kernelRelease is the running kernel's, as `uname -r` says it; it is empty
// where there is none to ask.
func kernelRelease() string {
	data, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
