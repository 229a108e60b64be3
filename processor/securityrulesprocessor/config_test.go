package securityrulesprocessor

import (
	"path/filepath"
	"strings"
	"testing"

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
	if len(cfg.Rules.Files) != 2 || cfg.Rules.Matching != "all" || cfg.Rules.Reload.Enabled || cfg.Rules.Selection[0].Disable.Tag != "network" {
		t.Errorf("%+v", cfg.Rules)
	}
	if len(cfg.Sources) != 1 || cfg.Sources[0].Attributes["log.type"] != "billing" || cfg.Output != outputBoth || cfg.PassThrough {
		t.Errorf("%+v", cfg)
	}
}

// badConfigs are the files of testdata/bad and what the error must say.
var badConfigs = map[string][]string{
	"files.yaml":             {"rules", "files"},
	"matching.yaml":          {"rules", "matching", `"best"`},
	"output.yaml":            {"output", `"alerts"`, `"annotate"`},
	"selection.yaml":         {"rules::selection::0", "either enable or disable"},
	"source_attributes.yaml": {"sources::0", "attributes"},
	"source_name.yaml":       {"sources::0", `"syscall"`, "k8s_audit"},
	"unknown_key.yaml":       {"pass_trough"},
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
