package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/internal/testenv"
)

const testImage = "localhost/otelcol-lanner:test"

// engine is podman with storage of its own.
type engine struct {
	t      *testing.T
	global []string
}

func newEngine(t *testing.T) *engine {
	t.Helper()
	testenv.Root(t)
	_, err := exec.LookPath("podman")
	testenv.Require(t, err == nil, "needs podman")
	dir, err := os.MkdirTemp("", "lnr") // names of sockets are short
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
	e := &engine{t: t, global: []string{
		"--root", filepath.Join(dir, "root"), "--runroot", filepath.Join(dir, "run"), "--tmpdir", filepath.Join(dir, "tmp"),
		"--cgroup-manager=cgroupfs", "--runtime=runc", "--storage-driver=overlay", "--events-backend=file",
	}}
	t.Cleanup(func() { e.podman("rm", "--all", "--force", "--time=1") })
	return e
}

func (e *engine) podman(args ...string) string {
	e.t.Helper()
	return output(e.t, exec.Command("podman", append(e.global, args...)...))
}

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}

// buildImage builds the shipped image of the distribution that is built.
func (e *engine) buildImage() {
	e.t.Helper()
	cmd := exec.Command("../../scripts/image.sh", testImage, runtime.GOARCH+"="+requireBinary(e.t))
	cmd.Env = append(os.Environ(), "BUILDER=podman "+strings.Join(e.global, " "))
	output(e.t, cmd)
}

// asDeployed are podman's words for what deploy/kubernetes/daemonset.yaml asks
// Kubernetes for.
func asDeployed(t *testing.T, state string) []string {
	t.Helper()
	seccomp, err := filepath.Abs("../../deploy/seccomp/otelcol-lanner.json")
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"--pid=host", "--read-only", "--read-only-tmpfs=false", "--network=host", "--cgroupns=private",
		"--cap-drop=all", "--cap-add=bpf,perfmon,sys_ptrace",
		"--security-opt=no-new-privileges", "--security-opt=seccomp=" + seccomp,
		"--volume=" + state + ":/var/lib/otelcol-lanner",
		"--volume=/proc:/host/proc:ro", "--volume=/etc:/host/etc:ro", "--volume=/run:/host/run:ro,rslave",
		"--volume=/sys/fs/cgroup:/host/sys/fs/cgroup:ro",
		"--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000", // no more than a test's machine may have itself
	}
}

// TestImageSeesAnotherContainer: the image, with the rights and mounts of the
// shipped DaemonSet and its seccomp profile, exports what a shell in another
// container does.
func TestImageSeesAnotherContainer(t *testing.T) {
	e := newEngine(t)
	e.buildImage()
	sink, address := newSink(t)
	dir := publicDir(t)
	rules := filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(rules, []byte(shellRule), 0o600); err != nil {
		t.Fatal(err)
	}
	config := strings.Replace(toSink("/etc/lanner/rules.yaml", address), "runtime_security:", "runtime_security:\n    host_root: /host", 1)
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	e.agent(dir)

	busybox, err := exec.LookPath("busybox")
	testenv.Require(t, err == nil, "needs busybox")
	accounts := filepath.Join(dir, "passwd")
	if err := os.WriteFile(accounts, []byte("clerk:x:4711:4712::/:/bin/sh\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	e.podman("run", "--rm", "--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000", "--user=4711",
		"--volume="+accounts+":/etc/passwd:ro", "--volume="+busybox+":/bin/sh:ro", "--entrypoint=/bin/sh", testImage,
		"-c", "sleep 1; /bin/sh -c 'true lanner-image'; sleep 1")
	// The name is in the container's own file, which CAP_SYS_PTRACE lets the
	// agent reach. No runtime tells it of the container, so it reads that file
	// after the first shell has started; the second one has the name.
	rec := sink.find(t, func(r record) bool {
		return r.text("security_rule.name") == "Shell in a container" && r.text("process.user.name") == "clerk"
	})
	if id, _ := rec.resource["container.id"].(string); len(id) != 64 {
		t.Errorf("container.id is %q", id)
	}
}

const shellRule = `
- rule: Shell in a container
  desc: A shell that the test starts.
  condition: evt.type = execve and container.id != host and proc.args contains lanner-image
  output: shell (args=%proc.args container=%container.id)
  priority: WARNING
`

// agent runs the image and waits until it is ready.
func (e *engine) agent(dir string) {
	e.t.Helper()
	args := append(append(append([]string{}, e.global...), "run", "--rm", "--name=agent",
		"--volume="+dir+":/etc/lanner:ro"), asDeployed(e.t, e.t.TempDir())...)
	c := &collector{done: make(chan error, 1)}
	c.cmd = exec.Command("podman", append(args, testImage, "--config", "/etc/lanner/config.yaml")...)
	c.cmd.Stderr = &c.log
	c.log.ready = make(chan struct{})
	if err := c.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	go func() { c.done <- c.cmd.Wait() }()
	e.t.Cleanup(func() { _ = c.cmd.Process.Kill() })
	e.t.Cleanup(func() {
		c.interrupt(e.t) // podman passes it on
		if err := c.end(e.t, waitTime); err != nil {
			e.t.Errorf("the agent ended: %v", err)
		}
		if e.t.Failed() {
			e.t.Logf("the agent's log:\n%s", c.log.String())
		}
	})
	c.waitReady(e.t)
}
