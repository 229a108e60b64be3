package migrate

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write the golden file")

func TestMigrateGolden(t *testing.T) {
	source, err := os.ReadFile("testdata/falco.yaml")
	if err != nil {
		t.Fatal(err)
	}
	result, err := Migrate(source)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/collector.yaml", result.Config, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/collector.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if string(result.Config) != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", result.Config, want)
	}
}

func TestMigrateNotes(t *testing.T) {
	for name, tt := range map[string]struct {
		source string
		want   string // a note, or empty for none
	}{
		"needs nothing":    {"json_output: true\nwatch_config_files: true\nstdout_output: {enabled: true}", ""},
		"switched off":     {"file_output: {enabled: false}\ngrpc: {enabled: false}\nlog_syslog: false\nstdout_output: {enabled: true}", ""},
		"no output":        {"priority: debug", "line 0: outputs: none of the outputs"},
		"unknown key":      {"stdout_output: {enabled: true}\nmystery: 1", "line 2: mystery: is no key"},
		"wrong priority":   {"priority: loud\nstdout_output: {enabled: true}", `line 1: priority: "loud" is no priority`},
		"wrong preset":     {"engine: {kind: kmod, kmod: {buf_size_preset: 11}}\nstdout_output: {enabled: true}", "buf_size_preset 11 is none of 1 to 10"},
		"another engine":   {"engine: {kind: gvisor}\nstdout_output: {enabled: true}", "kind gvisor has no counterpart"},
		"wrong matching":   {"rule_matching: last\nstdout_output: {enabled: true}", "neither first nor all"},
		"wrong level":      {"log_level: loud\nstdout_output: {enabled: true}", `"loud" is no level`},
		"wrong interval":   {"metrics: {enabled: true, interval: 1s1h}\nstdout_output: {enabled: true}", "an interval is numbers"},
		"a lonely program": {"program_output: {enabled: true}\nstdout_output: {enabled: true}", "no exporter runs a program"},
		"odd shapes":       {"rules: 1\nengine: [a]\nplugins: {}\nstatic_fields: x\nhttp_output: []\nstdout_output: {enabled: true}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := Migrate([]byte(tt.source))
			if err != nil {
				t.Fatal(err)
			}
			var notes []string
			for _, note := range result.Notes {
				notes = append(notes, note.String())
			}
			all := strings.Join(notes, "\n")
			if tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("notes:\n%s\nwant %q", all, tt.want)
			}
			if err := yaml.Unmarshal(result.Config, &map[string]any{}); err != nil {
				t.Errorf("the configuration does not parse: %v\n%s", err, result.Config)
			}
		})
	}
}

func TestMigrateRefuses(t *testing.T) {
	for source, want := range map[string]string{"": "empty", "- a": "line 1: a falco.yaml is a mapping", "a: [": "yaml:"} {
		if _, err := Migrate([]byte(source)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Migrate(%q): %v, want %q", source, err, want)
		}
	}
}

func TestKeysStandOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range keys {
		if seen[row.name] {
			t.Errorf("%s stands twice", row.name)
		}
		seen[row.name] = true
	}
}

func TestParseInterval(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1ms": time.Millisecond, "1h30m": 90 * time.Minute, "2h 5m": 125 * time.Minute, " 1y1ms ": 365*24*time.Hour + time.Millisecond,
		"1w": 168 * time.Hour, "0s": 0,
	} {
		if got, err := ParseInterval(text); err != nil || got != want {
			t.Errorf("ParseInterval(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", " ", "1", "h", "1ms1y", "1t", "1s1s", "-1s", "1.5h", "9999999999y", "999999y"} {
		if got, err := ParseInterval(text); err == nil {
			t.Errorf("ParseInterval(%q) = %v, want an error", text, got)
		}
	}
}

func FuzzMigrate(f *testing.F) {
	source, err := os.ReadFile("testdata/falco.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	f.Add([]byte("rules: [{enable: {rule: [a]}}]\nengine: *x"))
	f.Fuzz(func(t *testing.T, source []byte) {
		result, err := Migrate(source)
		if err != nil {
			return
		}
		if err := yaml.Unmarshal(result.Config, new(any)); err != nil {
			t.Errorf("the configuration does not parse: %v\n%s", err, result.Config)
		}
	})
}
