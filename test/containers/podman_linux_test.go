package containers

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

// podman is podman with storage and a socket of its own.
type podman struct {
	t      *testing.T
	global []string
	socket string
}

func startPodman(t *testing.T) *podman {
	t.Helper()
	testenv.Root(t)
	_, err := exec.LookPath("podman")
	testenv.Require(t, err == nil, "needs podman")
	dir := memory(t)
	p := &podman{t: t, socket: filepath.Join(dir, "podman.sock"), global: []string{
		"--root", filepath.Join(dir, "root"), "--runroot", filepath.Join(dir, "run"), "--tmpdir", filepath.Join(dir, "tmp"),
		"--cgroup-manager=cgroupfs", "--runtime=runc", "--storage-driver=overlay", "--events-backend=file",
	}}
	archive := filepath.Join(dir, "image.tar")
	writeImage(t, archive, image, "sleep", "3600")
	p.run("load", "-i", archive)
	service := exec.Command("podman", append(p.global, "system", "service", "--time=0", "unix://"+p.socket)...)
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = service.Process.Kill()
		_ = service.Wait()
		p.run("rm", "--all", "--force", "--time=0")
	})
	eventually(t, "podman answers", func() bool {
		return exec.Command("podman", "--url", "unix://"+p.socket, "version").Run() == nil
	})
	return p
}

func (p *podman) run(args ...string) string {
	p.t.Helper()
	return run(p.t, "podman", append(p.global, args...)...)
}

// start starts a container in the background.
func (p *podman) start(name string, more ...string) {
	p.t.Helper()
	p.run(append(append([]string{"run", "--detach", "--network=host", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000",
		"--name=" + name}, more...), image, "sleep", "3600")...)
}

func TestPodman(t *testing.T) {
	p := startPodman(t)
	a := startAgent(t, sockets("podman", p.socket), 1)
	p.start("desk", "--privileged", "--label=team=payments", "--user=4711", "--volume=/tmp:/host-tmp:ro",
		"--health-cmd=/bin/true lanner-mark-health", "--health-interval=disable")
	p.run("exec", "desk", "/bin/sh", "-c", "true lanner-mark-podman")
	a.find("Mark", "podman").expect(t, map[string]any{
		"container.name": "desk", "container.type": "podman", "container.label[team]": "payments",
		"container.image.repository": imageName, "container.image.tag": imageTag, "container.privileged": true,
		"user.name": "clerk", "container.mounts": "/tmp:/host-tmp::false:rprivate",
		"proc.is_container_healthcheck": false, "k8s.pod.name": nil, "k8s.namespace.name": nil,
		"lanner.enrichment.status": nil,
	})
	a.find("Mark elsewhere", "podman")
	p.run("healthcheck", "run", "desk")
	a.find("Mark", "health").expect(t, map[string]any{"proc.is_container_healthcheck": true})
}
