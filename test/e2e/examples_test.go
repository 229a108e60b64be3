package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExampleConfigurationsAreValid gives every shipped configuration, of config/
// and of deploy/, to the distribution's own validation.
func TestExampleConfigurationsAreValid(t *testing.T) {
	path := requireBinary(t)
	var files []string
	for _, pattern := range []string{"../../config/*.yaml", "../../config/managed/*.yaml", "../../deploy/*/config.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no example configuration in %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		t.Run(filepath.ToSlash(file), func(t *testing.T) {
			cmd := exec.Command(path, "validate", "--config", file)
			cmd.Env = append(os.Environ(), "OTLP_ENDPOINT=127.0.0.1:4317", "K8S_NODE_NAME=node",
				"CLUSTER_NAME=cluster", "KAFKA_BROKER=127.0.0.1:9092")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
