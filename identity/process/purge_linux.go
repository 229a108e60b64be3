package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// firstPIDNamespace is how /proc names the namespace that the kernel's own
// process numbers are of.
const firstPIDNamespace = "pid:[4026531836]"

// seesAll tells whether the tree has all processes of the machine, under the
// numbers that the kernel knows them by.
func (p *Procfs) seesAll() bool {
	namespace, err := os.Readlink(filepath.Join(p.dir, "1/ns/pid"))
	return err == nil && namespace == firstPIDNamespace
}

// Purge looks at some of the threads without an event since before, ns since the
// epoch, and removes those that are gone from /proc: their exit was lost. It
// does nothing where /proc is that of a container.
func (p *Procfs) Purge(t *Table, some int, before uint64) int {
	if !p.all {
		return 0
	}
	return t.RemoveGone(some, before, p.has)
}

// has is true also where /proc cannot tell.
func (p *Procfs) has(th *Thread) bool {
	_, err := os.Lstat(filepath.Join(p.dir, strconv.FormatInt(th.PID, 10), "task", strconv.FormatInt(th.TID, 10)))
	return !errors.Is(err, fs.ErrNotExist)
}
