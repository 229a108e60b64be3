package reload

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// anyChild stands for everything in a directory.
const anyChild = "*"

// interest is which entries of which directories decide what is read. The
// directories' paths have no symbolic links in them.
type interest map[string]map[string]bool

func (in interest) add(dir, child string) {
	if in[dir] == nil {
		in[dir] = map[string]bool{}
	}
	in[dir][child] = true
}

// has tells whether a change of a path matters.
func (in interest) has(path string) bool {
	children := in[filepath.Dir(path)]
	return children[anyChild] || children[filepath.Base(path)]
}

// maxLinks bounds the symbolic links on one path, as the kernel does.
const maxLinks = 40

// trace follows a path as the kernel would and notes each directory entry on the
// way: those of all its directories, of symbolic links and of their targets. A
// path that ends early is traced to the first entry that is missing; it returns
// where the path leads, or "".
func (in interest) trace(path string) (target string) {
	at, rest := "/", strings.Split(filepath.Clean(path), "/")
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch name {
		case "", ".":
			continue
		case "..":
			at = filepath.Dir(at)
			continue
		}
		in.add(at, name)
		next := filepath.Join(at, name)
		info, err := os.Lstat(next)
		if err != nil {
			return ""
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		link, err := os.Readlink(next)
		if links++; err != nil || links > maxLinks {
			return ""
		}
		if filepath.IsAbs(link) {
			at = "/"
		}
		rest = append(strings.Split(link, "/"), rest...)
	}
	return at
}

// traceAll traces what a user named: files, and directories with their files,
// which are symbolic links where a ConfigMap is mounted.
func traceAll(paths []string) interest {
	in := interest{}
	for _, path := range paths {
		target := in.trace(path)
		entries, err := os.ReadDir(target)
		if target == "" || err != nil {
			continue // no directory
		}
		in.add(target, anyChild)
		for _, entry := range entries {
			if entry.Type()&fs.ModeSymlink != 0 {
				in.trace(filepath.Join(target, entry.Name()))
			}
		}
	}
	return in
}
