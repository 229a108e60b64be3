package e2e

import (
	"os"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestPodsAreFoundByResource compares what the shipped configuration has
// k8s_attributes find pods by with what the receiver puts on resources.
func TestPodsAreFoundByResource(t *testing.T) {
	text, err := os.ReadFile("../../config/kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Processors struct {
			Kubernetes struct {
				Association []struct {
					Sources []struct{ From, Name string }
				} `yaml:"pod_association"`
			} `yaml:"k8s_attributes"`
		}
		Service struct {
			Pipelines map[string]struct{ Receivers, Processors []string }
		}
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, rule := range config.Processors.Kubernetes.Association {
		for _, source := range rule.Sources {
			if source.From != "resource_attribute" {
				t.Errorf("%s is not from the resource", source.Name)
			}
			names = append(names, source.Name)
		}
	}
	if !slices.Equal(names, []string{"k8s.pod.uid", "container.id"}) {
		t.Errorf("pods are found by %q", names)
	}
	logs := config.Service.Pipelines["logs"]
	if !slices.Contains(logs.Receivers, "runtime_security") || !slices.Contains(logs.Processors, "k8s_attributes") {
		t.Errorf("the pipeline is %+v", logs)
	}
}
