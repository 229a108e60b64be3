package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ownBuild is what a user writes who has a build of their own: our line, and
// one that makes it useful.
const ownBuild = `
dist:
  name: own
  module: example.com/own
  output_path: %s
receivers:
  - gomod: github.com/lannersec/lanner v0.1.0
    import: github.com/lannersec/lanner/receiver/runtimesecurityreceiver
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v0.160.0
replaces:
  - github.com/lannersec/lanner => %s
`

// TestUsersOwnBuild builds a Collector as a user does who adds the receiver to
// a build of their own. It compiles for minutes, so only CI asks for it.
func TestUsersOwnBuild(t *testing.T) {
	if os.Getenv("CI") != "true" {
		t.Skip("compiles a Collector: set CI=true to run it")
	}
	builders, _ := filepath.Glob("../../.cache/bin/builder@*")
	if len(builders) == 0 {
		t.Fatal("needs ocb: make build")
	}
	ocb, err := filepath.Abs(builders[0])
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "builder.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, ownBuild, dir, root), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(ocb, "--config", config).CombinedOutput(); err != nil {
		t.Fatalf("ocb: %v\n%s", err, out)
	}
	out, err := exec.Command(filepath.Join(dir, "own"), "components").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "runtime_security") {
		t.Errorf("the build lacks the receiver:\n%s", out)
	}
}
