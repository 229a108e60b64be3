package live_test

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/internal/testenv"
)

// box is a root file system for containers: busybox and act. Containers see it
// through an overlay, as images are seen.
type box struct {
	t     *testing.T
	image string
	dir   string
}

// applets are what containers find in /bin.
var applets = []string{"sh", "cat", "nc", "true", "ls", "base64"}

func (m *machine) containers() *box {
	m.t.Helper()
	if m.box != nil {
		return m.box
	}
	_, err := exec.LookPath("runc")
	testenv.Require(m.t, err == nil, "containers need runc")
	busybox, err := exec.LookPath("busybox")
	testenv.Require(m.t, err == nil, "containers need a static busybox")
	b := &box{t: m.t, image: m.path("image"), dir: m.path("containers")}
	for _, dir := range []string{"bin", "tmp", "proc", "dev", "sys", "etc"} {
		if err := os.MkdirAll(filepath.Join(b.image, dir), 0o755); err != nil {
			m.t.Fatal(err)
		}
	}
	copyFile(m.t, busybox, filepath.Join(b.image, "bin/busybox"))
	copyFile(m.t, m.act, filepath.Join(b.image, "bin/act"))
	for _, applet := range applets {
		if err := os.Symlink("busybox", filepath.Join(b.image, "bin", applet)); err != nil {
			m.t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(b.image, "etc/shadow"), []byte("root::\n"), 0o600); err != nil {
		m.t.Fatal(err)
	}
	b.mountScratch()
	m.box = b
	return b
}

// mountScratch mounts memory to hold upper layers: they cannot lie on every
// file system.
func (b *box) mountScratch() {
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := unix.Mount("lanner-live", b.dir, "tmpfs", 0, ""); err != nil {
		testenv.Require(b.t, false, "containers need mounts: "+err.Error())
	}
	b.t.Cleanup(func() {
		if err := unix.Unmount(b.dir, unix.MNT_DETACH); err != nil {
			b.t.Error(err)
		}
	})
}

// contained is how a container is run.
type contained struct {
	caps     []string // besides none
	terminal bool
	before   func(root string) // changes the container's own layer
}

// run runs a program in a new container to its end.
func (b *box) run(c contained, args ...string) {
	b.t.Helper()
	id := newID(b.t)
	bundle := filepath.Join(b.dir, id)
	root := b.overlay(bundle)
	if c.before != nil {
		c.before(root)
	}
	b.writeConfig(bundle, id, c, args)
	cmd := exec.Command("runc", "--root", filepath.Join(b.dir, "state"), "run", "--bundle", bundle, id)
	if c.terminal {
		onTerminal(b.t, cmd)
		return
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatal(fmt.Errorf("runc run %v: %w\n%s", args, err, out))
	}
}

// runDropped runs act under a name that the image does not have.
func (b *box) runDropped(name string, args ...string) {
	b.t.Helper()
	b.run(contained{before: func(root string) {
		copyFile(b.t, filepath.Join(b.image, "bin/act"), filepath.Join(root, "tmp", name))
	}}, append([]string{"/bin/act", "try", "/tmp/" + name}, args...)...)
}

// with makes a file in the container's own layer.
func with(t *testing.T, path string) contained {
	return contained{before: func(root string) {
		path := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}}
}

// newID is an id as container engines make them.
func newID(t *testing.T) string {
	t.Helper()
	var id [32]byte
	if _, err := rand.Read(id[:]); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(id[:])
}

// overlay mounts the image below a layer of the container's own.
func (b *box) overlay(bundle string) (root string) {
	b.t.Helper()
	root = filepath.Join(bundle, "rootfs")
	for _, dir := range []string{"rootfs", "upper", "work"} {
		if err := os.MkdirAll(filepath.Join(bundle, dir), 0o755); err != nil {
			b.t.Fatal(err)
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", b.image, bundle, bundle)
	if err := unix.Mount("overlay", root, "overlay", 0, options); err != nil {
		testenv.Require(b.t, false, "containers need overlayfs: "+err.Error())
	}
	b.t.Cleanup(func() {
		if err := unix.Unmount(root, unix.MNT_DETACH); err != nil {
			b.t.Error(err)
		}
	})
	return root
}

// writeConfig writes the container's config.json: the host's network, its own
// other namespaces.
func (b *box) writeConfig(bundle, id string, c contained, args []string) {
	b.t.Helper()
	type object = map[string]any
	namespaces := []object{}
	for _, kind := range []string{"pid", "ipc", "uts", "mount"} {
		namespaces = append(namespaces, object{"type": kind})
	}
	mounts := []object{
		{"destination": "/proc", "type": "proc", "source": "proc"},
		{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": []string{"nosuid", "mode=755"}},
		{"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": []string{"newinstance", "ptmxmode=0666"}},
	}
	caps := object{}
	for _, set := range []string{"bounding", "effective", "permitted"} {
		caps[set] = append([]string{}, c.caps...)
	}
	config := object{
		"ociVersion": "1.0.2",
		"process": object{
			"terminal": c.terminal, "user": object{"uid": 0, "gid": 0}, "args": args, "cwd": "/",
			"env": []string{"PATH=/bin"}, "capabilities": caps,
		},
		"root":   object{"path": "rootfs"},
		"mounts": mounts,
		"linux":  object{"namespaces": namespaces, "cgroupsPath": "/docker/" + id},
	}
	text, err := json.Marshal(config)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bundle, "config.json"), text, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// onTerminal runs a command at a terminal of its own.
func onTerminal(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	ptmx, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ptmx.Close() }() // nothing is kept in it
	fd := int(ptmx.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tty.Close() }() // nothing is kept in it
	var errors strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, &errors
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Run(); err != nil {
		t.Fatal(fmt.Errorf("%v: %w\n%s", cmd.Args, err, errors.String()))
	}
}
