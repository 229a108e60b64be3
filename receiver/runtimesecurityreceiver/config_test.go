package runtimesecurityreceiver

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// load reads a configuration file of testdata over the defaults.
func load(t *testing.T, path string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(path)
	if err != nil {
		t.Fatal(err)
	}
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestDefaultConfigIsValid(t *testing.T) {
	cfg := createDefaultConfig()
	if err := componenttest.CheckConfigStruct(cfg); err != nil {
		t.Error(err)
	}
	if err := confmap.Validate(cfg); err != nil {
		t.Error(err)
	}
}

func TestFullConfig(t *testing.T) {
	cfg, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Rules.Files) != 2 || len(cfg.Rules.Selection) != 2 || cfg.Rules.Selection[1].Enable.Tag != "network" {
		t.Errorf("%+v", cfg.Rules)
	}
	if len(cfg.Replay.Files) != 1 || cfg.Replay.Speed != 2 {
		t.Errorf("%+v", cfg.Replay)
	}
	if r := cfg.Rules.Reload; r.Enabled || r.Debounce != 2*time.Second {
		t.Errorf("%+v", r)
	}
	if n := cfg.Noise; n.Aggregate.Window != 10*time.Second || len(n.Aggregate.Keys) != 2 || n.Ceiling.Records != 100 || cfg.Health.Interval != 30*time.Second {
		t.Errorf("%+v, %+v", n, cfg.Health)
	}
	if cfg.Capture.RingMiBPerCPU != 4 || cfg.Capture.Filter != filterOff || cfg.Delivery.QueueSize != 100 || cfg.HostRoot != "/host" || cfg.NodeName != "node-1" {
		t.Errorf("%+v", cfg)
	}
}

func TestSocketsOfConfig(t *testing.T) {
	cfg, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := cfg.Containers
	if c.Discover || len(c.Sockets) != 2 || c.Sockets[1].Type != "podman" || c.Wait != 0 || c.CacheSize != 50 {
		t.Errorf("%+v", c)
	}
}

// badConfigs are the files of testdata/bad and what the error must say.
var badConfigs = map[string][]string{
	"batch_delay.yaml":            {"delivery", "batch_delay", "negative"},
	"batch_size.yaml":             {"delivery", "batch_size"},
	"debounce.yaml":               {"rules::reload", "debounce", "10m"},
	"health.yaml":                 {"health", "interval", "negative"},
	"noise_ceiling.yaml":          {"noise::ceiling", "records", "negative"},
	"noise_keys.yaml":             {"noise::aggregate", "keys", "window"},
	"noise_window.yaml":           {"noise::aggregate", "window", "2h"},
	"containers_timeout.yaml":     {"containers", "timeout"},
	"containers_wait.yaml":        {"containers", "wait", "1m0s"},
	"containers_waiting.yaml":     {"containers", "waiting_events"},
	"containers_cache.yaml":       {"containers", "cache_size"},
	"containers_socket_type.yaml": {"containers::sockets::0", `"rkt"`, "podman"},
	"containers_socket_path.yaml": {"containers::sockets::0", `"run/x.sock"`},
	"files_empty.yaml":            {"rules", "files", "embedded:lanner_rules.yaml"},
	"files_empty_name.yaml":       {"rules", "files[1]"},
	"host_root.yaml":              {"host_root", `"host"`},
	"matching.yaml":               {"rules", "matching", `"best"`},
	"min_priority.yaml":           {"rules", "min_priority", `"loud"`, "warning"},
	"queue_size.yaml":             {"delivery", "queue_size"},
	"replay_speed.yaml":           {"replay", "speed", "negative"},
	"retry_for.yaml":              {"delivery", "retry_for"},
	"filter.yaml":                 {"capture", "filter", "sometimes"},
	"ring.yaml":                   {"capture", "ring_mib_per_cpu", "0"},
	"selection_both.yaml":         {"rules::selection::0", "either enable or disable"},
	"selection_nothing.yaml":      {"rules::selection::1", "disable: has either rule or tag"},
	"unknown_key.yaml":            {"rule_files"},
}

func TestBadConfigs(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(badConfigs) {
		t.Errorf("%d files, %d expectations", len(files), len(badConfigs))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := load(t, file)
			if err == nil {
				t.Fatal("it is valid")
			}
			for _, want := range badConfigs[filepath.Base(file)] {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
		})
	}
}
