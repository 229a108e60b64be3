package e2e

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lannersec/lanner/internal/testenv"
)

const binary = "../../bin/otelcol-lanner"

// ready is what the Collector logs when all components have started.
const ready = "Everything is ready"

// collector is a running otelcol-lanner.
type collector struct {
	cmd  *exec.Cmd
	log  logBuffer
	done chan error // gets Wait's result
}

// requireBinary finds the distribution.
func requireBinary(t *testing.T) string {
	t.Helper()
	_, err := os.Stat(binary)
	testenv.Require(t, err == nil, "needs bin/otelcol-lanner: make build")
	path, err := filepath.Abs(binary)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// launch starts the distribution on a configuration and waits for nothing.
func launch(t *testing.T, config string, attr *syscall.SysProcAttr) *collector {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return launchFile(t, requireBinary(t), path, attr)
}

// launchReadable is launch for another user, who may not read this repository:
// that user gets a copy of the distribution.
func launchReadable(t *testing.T, config string, attr *syscall.SysProcAttr) *collector {
	t.Helper()
	dir := publicDir(t)
	path, program := filepath.Join(dir, "config.yaml"), filepath.Join(dir, "otelcol-lanner")
	if err := os.WriteFile(path, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	copyFile(t, requireBinary(t), program)
	return launchFile(t, program, path, attr)
}

// publicDir is a directory that every user can read.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lanner-e2e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func launchFile(t *testing.T, program, config string, attr *syscall.SysProcAttr, args ...string) *collector {
	t.Helper()
	c := &collector{done: make(chan error, 1)}
	c.cmd = exec.Command(program, append([]string{"--config", config}, args...)...)
	c.cmd.SysProcAttr = attr
	c.cmd.Stderr = &c.log
	c.log.ready = make(chan struct{})
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { c.done <- c.cmd.Wait() }()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		if t.Failed() {
			t.Logf("the collector's log:\n%s", c.log.String())
		}
	})
	return c
}

// start launches the distribution and waits until it is ready.
func start(t *testing.T, config string) *collector {
	t.Helper()
	c := launch(t, config, nil)
	c.waitReady(t)
	return c
}

// waitReady waits until all components have started.
func (c *collector) waitReady(t *testing.T) {
	t.Helper()
	select {
	case <-c.log.ready:
	case err := <-c.done:
		t.Fatalf("the collector ended: %v", err)
	case <-time.After(waitTime):
		t.Fatal("the collector did not get ready")
	}
}

// end waits for the collector to end and fails after limit.
func (c *collector) end(t *testing.T, limit time.Duration) error {
	t.Helper()
	select {
	case err := <-c.done:
		c.done <- err
		return err
	case <-time.After(limit):
		t.Fatalf("the collector still runs after %v", limit)
		return nil
	}
}

// interrupt is Ctrl-C.
func (c *collector) interrupt(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

// logBuffer keeps what is written, and tells when the ready line has come.
type logBuffer struct {
	mu    sync.Mutex
	text  bytes.Buffer
	ready chan struct{}
	once  sync.Once
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.text.Write(p)
	if bytes.Contains(b.text.Bytes(), []byte(ready)) {
		b.once.Do(func() { close(b.ready) })
	}
	return n, err
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// line finds the first line of the log that has text.
func (b *logBuffer) line(text string) string {
	lines := bufio.NewScanner(strings.NewReader(b.String()))
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	return ""
}

// copyTo copies the running test program, so that what it does is done by a
// program with a name and a path of our own.
func copyTo(t *testing.T, path string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, self, path)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	src, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(dst, src); err != nil {
		t.Fatal(err)
	}
	if err := dst.Close(); err != nil {
		t.Fatal(err)
	}
}
