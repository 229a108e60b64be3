package live_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// machine is where things are done: a directory, and the program that does them.
type machine struct {
	t   *testing.T
	dir string
	act string // the program act, static
	box *box   // where containers can be run; nil before the first
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, dir: t.TempDir()}
	m.act = filepath.Join(m.dir, "act")
	build := exec.Command("go", "build", "-o", m.act, "./act")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	m.mustRun(build)
	return m
}

// path is a file below the machine's directory.
func (m *machine) path(parts ...string) string {
	return filepath.Join(append([]string{m.dir}, parts...)...)
}

// file writes a file below the machine's directory and returns its path.
func (m *machine) file(name, text string) string {
	m.t.Helper()
	path := m.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // O_TRUNC is a rule's business
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := file.WriteString(text); err != nil {
		m.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		m.t.Fatal(err)
	}
	return path
}

// named is a copy of act under another name.
func (m *machine) named(name string) string {
	m.t.Helper()
	path := m.path("named", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	copyFile(m.t, m.act, path)
	return path
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }() // only read from
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// run runs a program to its end, which must be good.
func (m *machine) run(name string, args ...string) {
	m.t.Helper()
	m.mustRun(exec.Command(name, args...))
}

// try runs a program to its end, whatever that is.
func (m *machine) try(name string, args ...string) {
	m.t.Helper()
	var exit *exec.ExitError
	if err := exec.Command(name, args...).Run(); err != nil && !errors.As(err, &exit) {
		m.t.Fatal(err)
	}
}

func (m *machine) mustRun(cmd *exec.Cmd) {
	m.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatal(fmt.Errorf("%v: %w\n%s", cmd.Args, err, out))
	}
}
