package k8sauditreceiver

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
	if cfg.Path != "/audit" || cfg.ClusterName != "prod-1" || cfg.MaxConcurrentRequests != 4 || cfg.RetryAfter != 2*time.Second {
		t.Errorf("%+v", cfg)
	}
	http := cfg.HTTP
	if http.NetAddr.Endpoint != "0.0.0.0:9443" || http.MaxRequestBodySize != 1<<20 || http.ReadTimeout != 10*time.Second ||
		http.TLS.Get().ClientCAFile != "ca.crt" || !http.Auth.HasValue() {
		t.Errorf("%+v", http)
	}
}

// TestDefaultsBoundRequests: an empty configuration bounds size and time.
func TestDefaultsBoundRequests(t *testing.T) {
	http := createDefaultConfig().(*Config).HTTP
	if http.MaxRequestBodySize <= 0 || http.ReadTimeout <= 0 || http.ReadHeaderTimeout <= 0 || http.WriteTimeout <= 0 {
		t.Errorf("%+v", http)
	}
}

// badConfigs are the files of testdata/bad and what the error must say.
var badConfigs = map[string][]string{
	"endpoint.yaml":                {"endpoint", "host:port"},
	"max_concurrent_requests.yaml": {"max_concurrent_requests", "0"},
	"path.yaml":                    {"path", `"audit"`},
	"retry_after.yaml":             {"retry_after", "10ms"},
	"unknown_key.yaml":             {"paths"},
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
