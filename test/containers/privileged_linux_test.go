package containers

import (
	"os"
	"path/filepath"
	"testing"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// privileged runs a container with all rights and a mount of the host's /etc,
// in which a program named debugfs is started.
func (c *containerd) privileged() {
	p := c.pod(func(s *cri.PodSandboxConfig) { s.Linux.SecurityContext.Privileged = true })
	id := p.createAs(&cri.ContainerConfig{
		Metadata: &cri.ContainerMetadata{Name: "root"}, Image: &cri.ImageSpec{Image: image},
		Command: shell("privileged; cp /bin/busybox /debugfs; /debugfs; sleep 3600"), LogPath: "root.log",
		Mounts: []*cri.Mount{{HostPath: "/etc", ContainerPath: "/host/etc", Readonly: true}},
		Linux: &cri.LinuxContainerConfig{SecurityContext: &cri.LinuxContainerSecurityContext{
			Privileged: true, NamespaceOptions: p.sandbox.Linux.SecurityContext.NamespaceOptions,
		}},
	})
	c.startContainer(id)
}

// TestPrivilegedContainer is about the default rules that ask the engine how a
// container was configured.
func TestPrivilegedContainer(t *testing.T) {
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1, "embedded:lanner_rules.yaml")
	c.privileged()
	a.find("Privileged container started", "privileged")
	a.find("Container started with sensitive mount", "privileged")
	a.find("Debugfs used in container", "debugfs")
}

// TestReferenceRuleOfPrivilegedContainers does what the one stable rule of the
// reference is about that needs an engine.
func TestReferenceRuleOfPrivilegedContainers(t *testing.T) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		t.Skip("the reference's rules are in the corpus: set CORPUS=dir")
	}
	c := startContainerd(t)
	a := startAgent(t, sockets("cri", c.socket), 1, filepath.Join(corpus, "rules/upstream/falco_rules.yaml"))
	plain := c.pod()
	c.startContainer(plain.create("plain", shell("plain; cp /bin/busybox /debugfs; /debugfs plain; sleep 3600")...))
	c.privileged()
	a.find("Debugfs Launched in Privileged Container", "debugfs")
	if wrong := a.of("Debugfs Launched in Privileged Container", "debugfs plain"); len(wrong) > 0 {
		t.Errorf("it also fires without privileges: %s", wrong[0].body)
	}
}
