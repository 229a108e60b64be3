package user

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxFile bounds how much of an account file is read: a container may have made
// it to hurt us.
const maxFile = 4 << 20

// The account files, relative to the root directory.
const (
	passwdFile = "etc/passwd"
	groupFile  = "etc/group"
)

// Files keeps a Table in line with the account files below a root directory. It
// reads a file again only when it became another one. It is for one goroutine,
// off the path of events.
type Files struct {
	table     *Table
	container string
	root      string
	seen      [2]stamp // of passwd and group
}

// stamp tells one state of a file from another.
type stamp struct {
	size  int64
	mtime time.Time
	info  fs.FileInfo // for os.SameFile
}

func (s stamp) same(t stamp) bool {
	return s.info != nil && t.info != nil && s.size == t.size && s.mtime.Equal(t.mtime) && os.SameFile(s.info, t.info)
}

// NewFiles makes Files for a container, "" for the host, whose root directory
// is root: "/" for the host, /proc/PID/root for a container.
func NewFiles(table *Table, container, root string) *Files {
	return &Files{table: table, container: container, root: root}
}

// Refresh reads the files if they changed since the last time. A container
// without the files has no accounts, which is no error.
func (f *Files) Refresh() error {
	root, err := os.OpenRoot(f.root) // a link in a container must not lead out of it
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // only read from
	now := [2]stamp{stampOf(root, passwdFile), stampOf(root, groupFile)}
	if now[0].same(f.seen[0]) && now[1].same(f.seen[1]) {
		return nil
	}
	users, err := readFile(root, passwdFile, parseUser)
	groups, err2 := readFile(root, groupFile, parseGroup)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	f.table.Set(f.container, users, groups)
	f.seen = now
	return nil
}

func stampOf(root *os.Root, path string) stamp {
	info, err := root.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime(), info}
}

func readFile[T any](root *os.Root, path string, parse func(string) (T, bool)) ([]T, error) {
	file, err := root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not hold us up
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read from
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	return parseLines(file, parse)
}

// parseLines parses a file line by line; lines that do not parse are skipped,
// as the C library does.
func parseLines[T any](r io.Reader, parse func(string) (T, bool)) ([]T, error) {
	var all []T
	lines := bufio.NewScanner(io.LimitReader(r, maxFile))
	lines.Buffer(nil, maxFile)
	for lines.Scan() {
		if item, ok := parse(lines.Text()); ok {
			all = append(all, item)
		}
	}
	return all, lines.Err()
}

// parseUser parses name:password:uid:gid:comment:home:shell.
func parseUser(line string) (User, bool) {
	c := strings.Split(line, ":")
	if len(c) < 7 {
		return User{}, false
	}
	uid, err := strconv.ParseUint(c[2], 10, 32)
	gid, err2 := strconv.ParseUint(c[3], 10, 32)
	if err != nil || err2 != nil || c[0] == "" {
		return User{}, false
	}
	return User{uint32(uid), uint32(gid), c[0], c[5], c[6]}, true
}

// parseGroup parses name:password:gid:members.
func parseGroup(line string) (Group, bool) {
	c := strings.Split(line, ":")
	if len(c) < 3 {
		return Group{}, false
	}
	gid, err := strconv.ParseUint(c[2], 10, 32)
	if err != nil || c[0] == "" {
		return Group{}, false
	}
	return Group{uint32(gid), c[0]}, true
}
