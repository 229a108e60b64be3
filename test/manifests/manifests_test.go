package manifests

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// kustomizations are the directories that `kubectl apply -k` takes.
var kustomizations = []string{"kubernetes", "openshift", "gateway"}

// TestObjectsAreOfKubernetes: strict decoding, names and namespaces.
func TestObjectsAreOfKubernetes(t *testing.T) {
	for _, dir := range kustomizations {
		t.Run(dir, func(t *testing.T) {
			clusterWide := []string{"Namespace", "ClusterRole", "ClusterRoleBinding", sccKind}
			for _, o := range build(t, dir) {
				want := "lanner"
				if slices.Contains(clusterWide, o.kind) {
					want = ""
				}
				if o.namespace != want {
					t.Errorf("%s %s is in namespace %q, want %q", o.kind, o.name, o.namespace, want)
				}
			}
		})
	}
}

// pods are the templates of an installation's pods.
func pods(objects []object) map[string]corev1.PodTemplateSpec {
	found := map[string]corev1.PodTemplateSpec{}
	for _, o := range objects {
		switch w := o.typed.(type) {
		case *appsv1.DaemonSet:
			found[o.name] = w.Spec.Template
		case *appsv1.Deployment:
			found[o.name] = w.Spec.Template
		}
	}
	return found
}

// TestReferencesHold: what pods name exists.
func TestReferencesHold(t *testing.T) {
	for _, dir := range kustomizations {
		objects := build(t, dir)
		exists := func(kind, name string) bool {
			return slices.ContainsFunc(objects, func(o object) bool { return o.kind == kind && o.name == name })
		}
		for name, pod := range pods(objects) {
			t.Run(dir+"/"+name, func(t *testing.T) {
				if account := pod.Spec.ServiceAccountName; account != "" && !exists("ServiceAccount", account) {
					t.Errorf("there is no service account %s", account)
				}
				var volumes []string
				for _, v := range pod.Spec.Volumes {
					volumes = append(volumes, v.Name)
					if v.ConfigMap != nil && !exists("ConfigMap", v.ConfigMap.Name) {
						t.Errorf("there is no ConfigMap %s", v.ConfigMap.Name)
					}
				}
				for _, c := range pod.Spec.Containers {
					checkContainer(t, c, volumes)
				}
			})
		}
	}
}

func checkContainer(t *testing.T, c corev1.Container, volumes []string) {
	t.Helper()
	var ports []string
	for _, port := range c.Ports {
		ports = append(ports, port.Name)
	}
	for kind, probe := range map[string]*corev1.Probe{"liveness": c.LivenessProbe, "readiness": c.ReadinessProbe} {
		if probe == nil || !slices.Contains(ports, probe.HTTPGet.Port.StrVal) {
			t.Errorf("the %s probe asks no port of %q", kind, ports)
		}
	}
	for _, mount := range c.VolumeMounts {
		if !slices.Contains(volumes, mount.Name) {
			t.Errorf("there is no volume %s", mount.Name)
		}
		if mount.SubPath != "" {
			t.Errorf("%s has a subPath: it would never change", mount.MountPath)
		}
	}
	if c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() {
		t.Errorf("resources are %+v", c.Resources)
	}
}

// rights are what the receiver needs, and all that containers may get.
var rights = []corev1.Capability{"BPF", "PERFMON", "SYS_PTRACE"}

// TestContainersHaveLeastRights: no container has more than it needs.
func TestContainersHaveLeastRights(t *testing.T) {
	for _, dir := range kustomizations {
		for name, pod := range pods(build(t, dir)) {
			want := rights
			if strings.HasSuffix(name, "-gateway") {
				want = nil
			}
			for _, c := range pod.Spec.Containers {
				checkRights(t, dir+"/"+name, c.SecurityContext, want)
			}
		}
	}
}

func checkRights(t *testing.T, name string, s *corev1.SecurityContext, want []corev1.Capability) {
	t.Helper()
	is := func(b *bool, want bool) bool { return b != nil && *b == want }
	if !is(s.ReadOnlyRootFilesystem, true) || !is(s.AllowPrivilegeEscalation, false) || s.Privileged != nil && *s.Privileged {
		t.Errorf("%s may more than it needs: %+v", name, s)
	}
	if s.SeccompProfile == nil || s.SeccompProfile.Type == corev1.SeccompProfileTypeUnconfined {
		t.Errorf("%s has no seccomp profile", name)
	}
	if !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || !slices.Equal(s.Capabilities.Add, want) {
		t.Errorf("%s has the capabilities %+v, want %q", name, s.Capabilities, want)
	}
}

// TestRulesKeepTheirName: agents follow a ConfigMap only while its name stays,
// and start anew when their configuration has another.
func TestRulesKeepTheirName(t *testing.T) {
	objects := build(t, "kubernetes")
	rules := find[*corev1.ConfigMap](t, objects, "lanner-rules")
	if len(rules.Data) == 0 {
		t.Error("no rules")
	}
	for _, o := range objects {
		if o.kind == "ConfigMap" && o.name == "lanner-config" {
			t.Error("the configuration's name does not change with it")
		}
	}
}

// TestAgentIsBoundToItsRole: RBAC reaches the account that agents have.
func TestAgentIsBoundToItsRole(t *testing.T) {
	objects := build(t, "kubernetes")
	agent := find[*appsv1.DaemonSet](t, objects, "lanner")
	binding := find[*rbacv1.ClusterRoleBinding](t, objects, "lanner")
	role := find[*rbacv1.ClusterRole](t, objects, binding.RoleRef.Name)
	subject := rbacv1.Subject{Kind: "ServiceAccount", Name: agent.Spec.Template.Spec.ServiceAccountName, Namespace: agent.Namespace}
	if !slices.Contains(binding.Subjects, subject) {
		t.Errorf("the role is bound to %+v", binding.Subjects)
	}
	for _, rule := range role.Rules {
		if !slices.Equal(rule.Verbs, []string{"get", "list", "watch"}) {
			t.Errorf("agents may %q %q", rule.Verbs, rule.Resources)
		}
	}
}

// TestGatewayIsWhereAgentsSend: the name that agents are given is the service's.
func TestGatewayIsWhereAgentsSend(t *testing.T) {
	objects := build(t, "gateway")
	service := find[*corev1.Service](t, objects, "lanner-gateway")
	agent := find[*appsv1.DaemonSet](t, objects, "lanner")
	gateway := find[*appsv1.Deployment](t, objects, "lanner-gateway")
	env := map[string]string{}
	for _, e := range agent.Spec.Template.Spec.Containers[0].Env {
		env[e.Name] = e.Value
	}
	if want := "dns:///" + service.Name + "." + service.Namespace + ".svc.cluster.local:4317"; env["OTLP_ENDPOINT"] != want {
		t.Errorf("agents send to %q, want %q", env["OTLP_ENDPOINT"], want)
	}
	if service.Spec.ClusterIP != corev1.ClusterIPNone {
		t.Error("the service hides the gateways' addresses")
	}
	for key, value := range service.Spec.Selector {
		if gateway.Spec.Template.Labels[key] != value {
			t.Errorf("the service selects no gateway by %s", key)
		}
		if agent.Spec.Template.Labels["app.kubernetes.io/component"] == service.Spec.Selector["app.kubernetes.io/component"] {
			t.Error("the service selects agents too")
		}
	}
}

// sccKind is OpenShift's, whose Go types are no dependency of this test.
const sccKind = "SecurityContextConstraints"

// constraints are the keys of security.openshift.io/v1 that are used.
type constraints struct {
	APIVersion               string              `json:"apiVersion"`
	Kind                     string              `json:"kind"`
	Metadata                 map[string]any      `json:"metadata"`
	Priority                 *int32              `json:"priority"`
	AllowHostDirVolumePlugin bool                `json:"allowHostDirVolumePlugin"`
	AllowHostIPC             bool                `json:"allowHostIPC"`
	AllowHostNetwork         bool                `json:"allowHostNetwork"`
	AllowHostPID             bool                `json:"allowHostPID"`
	AllowHostPorts           bool                `json:"allowHostPorts"`
	AllowPrivilegedContainer bool                `json:"allowPrivilegedContainer"`
	AllowPrivilegeEscalation bool                `json:"allowPrivilegeEscalation"`
	AllowedCapabilities      []corev1.Capability `json:"allowedCapabilities"`
	RequiredDropCapabilities []corev1.Capability `json:"requiredDropCapabilities"`
	DefaultAddCapabilities   []corev1.Capability `json:"defaultAddCapabilities"`
	ReadOnlyRootFilesystem   bool                `json:"readOnlyRootFilesystem"`
	RunAsUser                map[string]any      `json:"runAsUser"`
	SELinuxContext           map[string]any      `json:"seLinuxContext"`
	FSGroup                  map[string]any      `json:"fsGroup"`
	SupplementalGroups       map[string]any      `json:"supplementalGroups"`
	SeccompProfiles          []string            `json:"seccompProfiles"`
	Volumes                  []string            `json:"volumes"`
	Users                    []string            `json:"users"`
	Groups                   []string            `json:"groups"`
}

// TestConstraintsAllowTheAgent compares OpenShift's constraints with what the
// DaemonSet asks for: all of it, nothing more.
func TestConstraintsAllowTheAgent(t *testing.T) {
	objects := build(t, "openshift")
	pod := find[*appsv1.DaemonSet](t, objects, "lanner").Spec.Template.Spec
	at := slices.IndexFunc(objects, func(o object) bool { return o.kind == sccKind })
	if at < 0 {
		t.Fatal("no constraints")
	}
	var c constraints
	if err := yaml.UnmarshalStrict(objects[at].yaml, &c); err != nil {
		t.Fatal(err)
	}
	if c.APIVersion != "security.openshift.io/v1" || !slices.Equal(c.AllowedCapabilities, rights) || c.AllowPrivilegedContainer {
		t.Errorf("the constraints are %+v", c)
	}
	if c.AllowHostPID != pod.HostPID || c.AllowHostNetwork != pod.HostNetwork || !c.AllowHostDirVolumePlugin {
		t.Errorf("the constraints do not allow the pod: %+v", c)
	}
	if user := "system:serviceaccount:lanner:" + pod.ServiceAccountName; !slices.Contains(c.Users, user) {
		t.Errorf("the constraints are for %q, not %s", c.Users, user)
	}
	if label := pod.Containers[0].SecurityContext.SELinuxOptions; label == nil || label.Type != "spc_t" {
		t.Errorf("SELinux would confine the agent: %+v", label)
	}
}

// TestEveryManifestIsUsed: no YAML file of a kustomization is forgotten in it.
func TestEveryManifestIsUsed(t *testing.T) {
	for _, dir := range kustomizations {
		list, err := os.ReadFile(filepath.Join(deploy, dir, "kustomization.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(deploy, dir, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if name := filepath.Base(file); name != "kustomization.yaml" && !bytes.Contains(list, []byte(name)) {
				t.Errorf("%s: kustomization.yaml does not name %s", dir, name)
			}
		}
	}
}
