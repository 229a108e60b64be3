package containers

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// listen listens at a socket with a short name.
func listen(t testing.TB) (net.Listener, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "lnr")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "runtime.sock")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l, path
}

// TestSilentRuntime has runtimes that take questions and never answer. Nothing
// may be lost for it, and the host must not wait.
func TestSilentRuntime(t *testing.T) {
	r := newRunc(t)
	silent, path := listen(t)
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }() // not before the test ends
		}
	}()
	config := sockets("cri", path)
	config["sockets"] = append(config["sockets"].([]any), map[string]any{"type": "docker", "path": path})
	config["wait"], config["timeout"] = "200ms", "100ms"
	a := startAgent(t, config, 0)
	id := r.run("/bin/sh", "-c", "true lanner-mark-silent; true; sleep 0.1 ; true")
	run(t, "/bin/sh", "-c", "true lanner-mark-host")
	a.find("Mark", "mark-host").expect(t, map[string]any{"container.full_id": "host"})
	silentID := map[string]any{"container.full_id": id, "lanner.enrichment.status": "timeout"}
	a.find("Mark", "silent").expect(t, silentID)
}

// TestDeadSockets has a socket that nobody listens at, a file that is none, and
// one that is missing.
func TestDeadSockets(t *testing.T) {
	r := newRunc(t)
	dead, path := listen(t)
	dead.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	config := sockets("cri", path)
	for kind, path := range map[string]string{"docker": "/etc/passwd", "podman": "/nowhere/podman.sock"} {
		config["sockets"] = append(config["sockets"].([]any), map[string]any{"type": kind, "path": path})
	}
	a := startAgent(t, config, 0)
	id := r.run(lasting("dead")...)
	a.find("Mark", "dead").expect(t, bare(id, "no_runtime"))
}

// TestHostileLabels has an engine that tells of labels that no one should make.
func TestHostileLabels(t *testing.T) {
	r := newRunc(t)
	l, path := listen(t)
	huge := strings.Repeat("x", 64<<10)
	engine := http.NewServeMux()
	engine.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"Version":"0"}`) })
	engine.HandleFunc("/containers/json", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `[]`) })
	engine.HandleFunc("/containers/{id}/json", func(w http.ResponseWriter, req *http.Request) {
		const noText = "\xff\xfe\xc3\x28"
		_, _ = fmt.Fprintf(w, `{"Id":%q,"Name":"/%s","Config":{"Image":"evil:1","Labels":{"team":%q,"bad%s":"%s\u0000"}}}`,
			req.PathValue("id"), noText, huge, noText, noText)
	})
	server := &http.Server{Handler: engine}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	a := startAgent(t, sockets("docker", path), 1)
	r.run("/bin/sh", "-c", "true lanner-mark-hostile")
	got := a.find("Mark", "hostile")
	got.expect(t, map[string]any{"container.image.repository": "evil", "container.image.tag": "1", "lanner.enrichment.status": nil})
	label, _ := got.field("container.label[team]").(string)
	if label == "" || len(label) > 8<<10 {
		t.Errorf("a label of %d bytes", len(label))
	}
	if !utf8.ValidString(got.body) {
		t.Error("the record's text is no text")
	}
}
