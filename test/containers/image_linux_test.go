package containers

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

// References of the images that the tests make.
const (
	imageName  = "docker.io/lanner/busybox"
	imageTag   = "1.0"
	image      = imageName + ":" + imageTag
	pauseImage = "localhost/pause:1"
)

// passwd gives containers users that no host has.
const passwd = "root:x:0:0:root:/root:/bin/sh\nclerk:x:4711:4712:Clerk:/home/clerk:/bin/sh\n"

const group = "root:x:0:\noffice:x:4712:\n"

// healthcheck is what the image's own health check runs.
var healthcheck = []string{"CMD", "/bin/sh", "-c", "true lanner-health"}

// blob is content that is named by its digest.
type blob []byte

func (b blob) digest() string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (b blob) describe(mediaType string) map[string]any {
	return map[string]any{"mediaType": mediaType, "digest": b.digest(), "size": len(b)}
}

// writeImage writes an OCI archive with busybox, named by a reference.
func writeImage(t *testing.T, path, reference string, command ...string) {
	t.Helper()
	busybox, err := exec.LookPath("busybox")
	testenv.Require(t, err == nil, "images need a static busybox")
	layer := layer(t, busybox)
	config := encode(t, map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Cmd": command, "Env": []string{"PATH=/bin"}, "Healthcheck": map[string]any{
			"Test": healthcheck, "Interval": 0, "Timeout": 1e9}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{layer.digest()}},
	})
	manifest := encode(t, map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": config.describe("application/vnd.oci.image.config.v1+json"),
		"layers": []any{layer.describe("application/vnd.oci.image.layer.v1.tar")},
	})
	named := manifest.describe("application/vnd.oci.image.manifest.v1+json")
	named["annotations"] = map[string]string{"io.containerd.image.name": reference, "org.opencontainers.image.ref.name": reference}
	index := encode(t, map[string]any{"schemaVersion": 2, "manifests": []any{named}})

	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	add := func(name string, content []byte) { addFile(t, w, name, 0o644, content) }
	add("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	add("index.json", index)
	for _, b := range []blob{layer, config, manifest} {
		add("blobs/sha256/"+b.digest()[len("sha256:"):], b)
	}
	finish(t, w)
	if err := os.WriteFile(path, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// applets are what the image has in /bin.
var applets = []string{"sh", "sleep", "true", "cat", "id", "su"}

// layer is the image's file system.
func layer(t *testing.T, busybox string) blob {
	t.Helper()
	program, err := os.ReadFile(busybox)
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, dir := range []string{"bin", "etc", "tmp", "proc", "sys", "dev", "home", "home/clerk"} {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
	}
	addFile(t, w, "bin/busybox", 0o755, program)
	for _, applet := range applets {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: filepath.Join("bin", applet), Linkname: "busybox"}); err != nil {
			t.Fatal(err)
		}
	}
	addFile(t, w, "etc/passwd", 0o644, []byte(passwd))
	addFile(t, w, "etc/group", 0o644, []byte(group))
	finish(t, w)
	return archive.Bytes()
}

func addFile(t *testing.T, w *tar.Writer, name string, mode int64, content []byte) {
	t.Helper()
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
}

func finish(t *testing.T, w *tar.Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, v any) blob {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
