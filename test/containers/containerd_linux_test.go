package containers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/lannersec/lanner/internal/testenv"
)

// containerdConfig gives containerd directories of its own. Its arguments are
// root, state and socket.
const containerdConfig = `
version = 2
root = %q
state = %q
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs"]
[grpc]
address = %q
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
restrict_oom_score_adj = true
disable_apparmor = true
tolerate_missing_hugetlb_controller = true
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`

// containerd is a running containerd, seen through the interface that a kubelet
// uses.
type containerd struct {
	t       *testing.T
	dir     string
	socket  string
	process *exec.Cmd
	runtime cri.RuntimeServiceClient
	pods    int
}

// waitTime bounds the waiting for what must come; a test that waits so long fails.
const waitTime = 30 * time.Second

// startContainerd starts one and gives it the images.
func startContainerd(t *testing.T) *containerd {
	t.Helper()
	testenv.Root(t)
	for _, program := range []string{"containerd", "ctr", "runc"} {
		_, err := exec.LookPath(program)
		testenv.Require(t, err == nil, "needs "+program)
	}
	c := &containerd{t: t, dir: memory(t)}
	c.socket = filepath.Join(c.dir, "containerd.sock")
	config := fmt.Sprintf(containerdConfig, filepath.Join(c.dir, "root"), filepath.Join(c.dir, "state"), c.socket)
	if err := os.WriteFile(filepath.Join(c.dir, "config.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c.connect()
	c.start()
	t.Cleanup(c.stop)
	for reference, command := range map[string][]string{
		image: {"sleep", "3600"}, pauseImage: {"sleep", "3600"},
	} {
		archive := filepath.Join(c.dir, "image.tar")
		writeImage(t, archive, reference, command...)
		run(t, "ctr", "-a", c.socket, "-n", "k8s.io", "image", "import", archive)
	}
	t.Cleanup(c.removeAll)
	return c
}

// memory is a directory in memory with a short name: upper layers cannot lie on
// every file system, and names of sockets are short.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lnr")
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("lanner-test", dir, "tmpfs", 0, ""); err != nil {
		testenv.Require(t, false, "needs mounts: "+err.Error())
	}
	t.Cleanup(func() {
		_ = unix.Unmount(dir, unix.MNT_DETACH)
		_ = os.Remove(dir)
	})
	return dir
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// start starts the daemon and waits until it answers.
func (c *containerd) start() {
	c.t.Helper()
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	c.process = exec.Command("containerd", "--config", filepath.Join(c.dir, "config.toml"), "--log-level", "fatal")
	c.process.Stdout, c.process.Stderr = log, log
	if err := c.process.Start(); err != nil {
		c.t.Fatal(err)
	}
	_ = log.Close() // the daemon has it
	eventually(c.t, "containerd answers", func() bool {
		_, err := c.runtime.Version(c.t.Context(), &cri.VersionRequest{})
		return err == nil
	})
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	limit := time.After(waitTime)
	for !is() {
		select {
		case <-limit:
			t.Fatalf("not in %v: %s", waitTime, what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// stop kills the daemon; its containers go on.
func (c *containerd) stop() {
	if c.process != nil {
		_ = c.process.Process.Kill()
		_ = c.process.Wait()
		c.process = nil
	}
	if c.t.Failed() {
		if log, err := os.ReadFile(filepath.Join(c.dir, "log")); err == nil {
			c.t.Logf("containerd's log:\n%s", log)
		}
	}
}

func (c *containerd) connect() {
	c.t.Helper()
	conn, err := grpc.NewClient("unix://"+c.socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.Close() })
	c.runtime = cri.NewRuntimeServiceClient(conn)
}

// removeAll removes all pods.
func (c *containerd) removeAll() {
	ctx := context.Background() // the test's own has ended
	pods, err := c.runtime.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
	if err != nil {
		c.t.Error(err)
		return
	}
	for _, item := range pods.GetItems() {
		c.remove(item.GetId())
	}
}

func (c *containerd) remove(pod string) {
	ctx := context.Background() // also where the test's own has ended
	if _, err := c.runtime.StopPodSandbox(ctx, &cri.StopPodSandboxRequest{PodSandboxId: pod}); err != nil {
		c.t.Error(err)
	}
	if _, err := c.runtime.RemovePodSandbox(ctx, &cri.RemovePodSandboxRequest{PodSandboxId: pod}); err != nil {
		c.t.Error(err)
	}
}

// pod is a running pod.
type pod struct {
	c       *containerd
	id      string
	name    string
	uid     string
	sandbox *cri.PodSandboxConfig
}

const namespace = "shop"

// pod runs a pod with a sandbox only. It shares the host's network, so that no
// plugins are needed.
func (c *containerd) pod(change ...func(*cri.PodSandboxConfig)) *pod {
	c.t.Helper()
	c.pods++
	p := &pod{c: c, name: "checkout-" + strconv.Itoa(c.pods)}
	p.uid = fmt.Sprintf("6f1c8a52-0000-4000-8000-%012d", c.pods)
	p.sandbox = &cri.PodSandboxConfig{
		Metadata:     &cri.PodSandboxMetadata{Name: p.name, Uid: p.uid, Namespace: namespace},
		LogDirectory: filepath.Join(c.dir, "logs", p.name),
		Labels:       kubernetesLabels(p.name, p.uid, map[string]string{"app": "checkout"}),
		Linux: &cri.LinuxPodSandboxConfig{
			CgroupParent: "/kubepods/burstable/pod" + p.uid,
			SecurityContext: &cri.LinuxSandboxSecurityContext{
				NamespaceOptions: &cri.NamespaceOption{Network: cri.NamespaceMode_NODE, Pid: cri.NamespaceMode_CONTAINER},
			},
		},
	}
	for _, f := range change {
		f(p.sandbox)
	}
	answer, err := c.runtime.RunPodSandbox(c.t.Context(), &cri.RunPodSandboxRequest{Config: p.sandbox})
	if err != nil {
		c.t.Fatal(err)
	}
	p.id = answer.GetPodSandboxId()
	return p
}

// kubernetesLabels are those that the kubelet gives, and others.
func kubernetesLabels(name, uid string, more map[string]string) map[string]string {
	labels := map[string]string{
		"io.kubernetes.pod.name": name, "io.kubernetes.pod.uid": uid, "io.kubernetes.pod.namespace": namespace,
	}
	for k, v := range more {
		labels[k] = v
	}
	return labels
}

// create makes a container in the pod and returns its id.
func (p *pod) create(name string, command ...string) string {
	p.c.t.Helper()
	return p.createAs(&cri.ContainerConfig{
		Metadata: &cri.ContainerMetadata{Name: name},
		Image:    &cri.ImageSpec{Image: image},
		Command:  command,
		Labels:   kubernetesLabels(p.name, p.uid, map[string]string{"io.kubernetes.container.name": name, "team": "payments"}),
		LogPath:  name + ".log",
		Linux:    &cri.LinuxContainerConfig{SecurityContext: &cri.LinuxContainerSecurityContext{NamespaceOptions: p.sandbox.Linux.SecurityContext.NamespaceOptions}},
	})
}

func (p *pod) createAs(config *cri.ContainerConfig) string {
	p.c.t.Helper()
	answer, err := p.c.runtime.CreateContainer(p.c.t.Context(), &cri.CreateContainerRequest{
		PodSandboxId: p.id, Config: config, SandboxConfig: p.sandbox,
	})
	if err != nil {
		p.c.t.Fatal(err)
	}
	return answer.GetContainerId()
}

func (c *containerd) startContainer(id string) {
	c.t.Helper()
	if _, err := c.runtime.StartContainer(c.t.Context(), &cri.StartContainerRequest{ContainerId: id}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *containerd) exec(id string, command ...string) {
	c.t.Helper()
	answer, err := c.runtime.ExecSync(c.t.Context(), &cri.ExecSyncRequest{ContainerId: id, Cmd: command, Timeout: 10})
	if err != nil {
		c.t.Fatal(err)
	}
	if answer.GetExitCode() != 0 {
		c.t.Fatalf("exec %v: %d\n%s", command, answer.GetExitCode(), answer.GetStderr())
	}
}

// awaitEnd waits until a container has ended by itself.
func (c *containerd) awaitEnd(id string) {
	c.t.Helper()
	eventually(c.t, "the container ends", func() bool {
		answer, err := c.runtime.ContainerStatus(c.t.Context(), &cri.ContainerStatusRequest{ContainerId: id})
		return err == nil && answer.GetStatus().GetState() == cri.ContainerState_CONTAINER_EXITED
	})
}
