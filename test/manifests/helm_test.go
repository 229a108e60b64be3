package manifests

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// values are the parts of the chart's values that are Kubernetes' own types; the
// rest is the chart's.
type values struct {
	Mode, FullnameOverride string
	HostPID                bool
	PriorityClassName      string
	Image, Command         map[string]string
	ConfigMap              map[string]any
	ServiceAccount         map[string]any
	ClusterRole            struct {
		Create bool
		Rules  []rbacv1.PolicyRule
	}
	Tolerations       []corev1.Toleration
	NodeSelector      map[string]string
	Resources         corev1.ResourceRequirements
	UseGOMEMLIMIT     bool
	ExtraEnvs         []corev1.EnvVar
	SecurityContext   *corev1.SecurityContext
	ExtraVolumeMounts []corev1.VolumeMount
	ExtraVolumes      []corev1.Volume
	Ports             map[string]map[string]any
}

// TestHelmValuesAreTheDaemonSets: both ways of installing are the same agent.
func TestHelmValuesAreTheDaemonSets(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deploy, "helm", "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var v values
	if err := yaml.UnmarshalStrict(text, &v); err != nil {
		t.Fatal(err)
	}
	objects := build(t, "kubernetes")
	pod := find[*appsv1.DaemonSet](t, objects, "lanner").Spec.Template.Spec
	agent := pod.Containers[0]
	// The chart mounts the configuration itself.
	mounts, volumes := agent.VolumeMounts[1:], pod.Volumes[1:]
	for name, pair := range map[string][2]any{
		"hostPID":           {v.HostPID, pod.HostPID},
		"priorityClassName": {v.PriorityClassName, pod.PriorityClassName},
		"tolerations":       {v.Tolerations, pod.Tolerations},
		"nodeSelector":      {v.NodeSelector, pod.NodeSelector},
		"resources":         {v.Resources, agent.Resources},
		"extraEnvs":         {v.ExtraEnvs, agent.Env},
		"securityContext":   {v.SecurityContext, agent.SecurityContext},
		"extraVolumeMounts": {v.ExtraVolumeMounts, mounts},
		"extraVolumes":      {v.ExtraVolumes, volumes},
		"clusterRole":       {v.ClusterRole.Rules, find[*rbacv1.ClusterRole](t, objects, "lanner").Rules},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s differs:\n%+v\n%+v", name, pair[0], pair[1])
		}
	}
}
