package user

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// fakeHost is a host's file system whose processes are directories.
func fakeHost(t *testing.T, pid int64, inside string) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "proc", strconv.FormatInt(pid, 10))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(inside, filepath.Join(dir, "root")); err != nil {
		t.Fatal(err)
	}
	return root
}

func runPlaces(t *testing.T, table *Table, root string) *Places {
	t.Helper()
	p := NewPlaces(table, root)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return p
}

func TestPlaces(t *testing.T) {
	inside := t.TempDir()
	write(t, inside, "passwd", "clerk:x:7:8::/home:/bin/sh\n")
	var table Table
	p := runPlaces(t, &table, fakeHost(t, 42, inside))
	done := make(chan bool, 2)
	p.Seen("c", 41, func(known bool) { done <- known }) // has ended: another will come
	p.Seen("c", 42, func(known bool) { done <- known })
	if !<-done {
		t.Fatal("the users are not known")
	}
	if u, _ := table.User("c", 7); u.Name != "clerk" {
		t.Errorf("user %+v", u)
	}
	p.Gone("c")
	p.Seen("other", 42, func(known bool) { done <- known }) // comes after
	<-done
	if _, ok := table.User("c", 7); ok {
		t.Error("users of a container that is gone are known")
	}
}

// A process that is not in its container yet shows the host's users, who are not
// the container's.
func TestPlacesAreNotTheHost(t *testing.T) {
	var table Table
	host := t.TempDir()
	write(t, host, "passwd", "admin:x:7:8::/home:/bin/sh\n")
	if err := os.MkdirAll(filepath.Join(host, "proc/42"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(host, filepath.Join(host, "proc/42/root")); err != nil {
		t.Fatal(err)
	}
	p := runPlaces(t, &table, host)
	done := make(chan bool)
	p.Seen("c", 42, func(known bool) { done <- known })
	if <-done {
		t.Error("the host's files pass for the container's")
	}
	if _, ok := table.User("c", 7); ok {
		t.Error("the host's users are in the container")
	}
}

// A container can have a pipe in place of its files.
func TestPlacesWithPipe(t *testing.T) {
	inside := t.TempDir()
	if err := os.MkdirAll(filepath.Join(inside, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("mkfifo", filepath.Join(inside, "etc/passwd")).Run(); err != nil {
		t.Fatal(err)
	}
	var table Table
	p := runPlaces(t, &table, fakeHost(t, 42, inside))
	done := make(chan bool)
	p.Seen("c", 42, func(known bool) { done <- known })
	<-done
}

func TestFullPlacesDoNotWait(t *testing.T) {
	p := NewPlaces(&Table{}, t.TempDir()) // nobody reads
	refused := 0
	for range maxVisits + 3 {
		p.Seen("c", 1, func(known bool) { refused++ })
	}
	if refused != 3 {
		t.Errorf("%d visits were let go, want 3", refused)
	}
}
