package containers

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

// runc runs containers that no engine knows.
type runc struct {
	t   *testing.T
	dir string
}

func newRunc(t *testing.T) *runc {
	t.Helper()
	testenv.Root(t)
	for _, program := range []string{"runc", "busybox"} {
		_, err := exec.LookPath(program)
		testenv.Require(t, err == nil, "needs "+program)
	}
	r := &runc{t: t, dir: memory(t)}
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Fatal(err)
	}
	unpack(t, layer(t, busybox), filepath.Join(r.dir, "rootfs"))
	return r
}

func unpack(t *testing.T, archive []byte, dir string) {
	t.Helper()
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = unpackFile(r, head, filepath.Join(dir, head.Name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func unpackFile(r io.Reader, head *tar.Header, path string) error {
	switch head.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(path, 0o755)
	case tar.TypeSymlink:
		return os.Symlink(head.Linkname, path)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, head.FileInfo().Mode())
}

// run runs a program in a new container to its end and returns the container's
// id.
func (r *runc) run(command ...string) string {
	r.t.Helper()
	var raw [32]byte
	if _, err := rand.Read(raw[:]); err != nil {
		r.t.Fatal(err)
	}
	id := hex.EncodeToString(raw[:])
	type object = map[string]any
	config := encode(r.t, object{
		"ociVersion": "1.0.2",
		"process": object{
			"user": object{"uid": 4711, "gid": 4712}, "args": command, "cwd": "/", "env": []string{"PATH=/bin"},
		},
		"root":   object{"path": "rootfs"},
		"mounts": []object{{"destination": "/proc", "type": "proc", "source": "proc"}},
		"linux": object{"cgroupsPath": "/" + id, "namespaces": []object{
			{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"},
		}},
	})
	if err := os.WriteFile(filepath.Join(r.dir, "config.json"), config, 0o600); err != nil {
		r.t.Fatal(err)
	}
	run(r.t, "runc", "--root", filepath.Join(r.dir, "state"), "run", "--bundle", r.dir, id)
	return id
}

// bare is what is known of a container that only runc knows.
func bare(id, status string) map[string]any {
	return map[string]any{
		"container.full_id": id, "container.id": id, "container.type": "runc", "user.name": "clerk", "group.name": "office",
		"container.image.repository": nil, "k8s.pod.name": nil, "container.privileged": nil, "lanner.enrichment.status": status,
	}
}

// lasting is a command with a mark that goes on for a moment, so that the
// container's files can be read.
func lasting(mark string) []string {
	return []string{"/bin/sh", "-c", "sleep 0.3; true lanner-mark-" + mark}
}

func TestRuncWithoutRuntime(t *testing.T) {
	r := newRunc(t)
	a := startAgent(t, patience(), 0)
	id := r.run(lasting("alone")...)
	a.find("Mark", "alone").expect(t, bare(id, "no_runtime"))
	a.find("Mark elsewhere", "alone")
	run(t, "/bin/sh", "-c", "true lanner-mark-host")
	host := a.find("Mark", "mark-host")
	host.expect(t, map[string]any{"container.full_id": "host", "container.id": nil, "lanner.enrichment.status": nil})
	if wrong := a.of("Mark elsewhere", "mark-host"); len(wrong) > 0 {
		t.Errorf("the host passes for a container: %s", wrong[0].body)
	}
}

func TestRuncBesideContainerd(t *testing.T) {
	c := startContainerd(t)
	r := newRunc(t)
	a := startAgent(t, sockets("cri", c.socket), 1)
	id := r.run(lasting("beside")...)
	a.find("Mark", "beside").expect(t, bare(id, "not_found"))
}
