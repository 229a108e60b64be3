package process

import (
	"strings"

	"github.com/lannersec/lanner/identity/container"
)

// set makes *to a copy of s, unless it is that already.
func (t *Thread) set(to *string, s string) {
	if *to != s {
		*to = strings.Clone(s)
		t.version++
	}
}

// SetComm copies the name given at exec.
func (t *Thread) SetComm(s string) { t.set(&t.Comm, s) }

// SetExe copies argv[0].
func (t *Thread) SetExe(s string) { t.set(&t.Exe, s) }

// SetExePath copies the executable's path. The mark of a deleted file, which
// the kernel appends, becomes a fact of its own.
func (t *Thread) SetExePath(s string) {
	s, t.ExeDeleted = strings.CutSuffix(s, " (deleted)")
	t.set(&t.ExePath, s)
}

// SetArgs copies the arguments after argv[0], which come separated by NULs.
func (t *Thread) SetArgs(raw string) { t.setList(&t.Args, raw) }

// SetEnv copies the environment, which comes separated by NULs.
func (t *Thread) SetEnv(raw string) { t.setList(&t.Env, raw) }

// SetCgroups copies the cgroups, subsystem=path separated by NULs, and finds
// the container that they belong to.
func (t *Thread) SetCgroups(raw string) {
	if t.setList(&t.Cgroups, raw) {
		t.FindContainer()
	}
}

// FindContainer sets the container by the cgroups.
func (t *Thread) FindContainer() { t.Container = container.OfCgroups(t.Cgroups, t.Container) }

// setList copies the items of a NUL-separated list, in one piece. It is true
// where they are not those that were there.
func (t *Thread) setList(to *[]string, raw string) bool {
	if equalList(*to, raw) {
		return false
	}
	*to = splitNUL(strings.Clone(raw))
	t.version++
	return true
}

// splitNUL cuts a NUL-separated list, whose last item may lack its NUL.
func splitNUL(raw string) []string {
	raw = strings.TrimSuffix(raw, "\x00")
	if raw == "" {
		return nil
	}
	list := make([]string, 0, strings.Count(raw, "\x00")+1)
	for item := range strings.SplitSeq(raw, "\x00") {
		list = append(list, item)
	}
	return list
}

// equalList tells whether raw holds just the items of list.
func equalList(list []string, raw string) bool {
	raw = strings.TrimSuffix(raw, "\x00")
	if raw == "" || len(list) == 0 {
		return raw == "" && len(list) == 0
	}
	for i, item := range list {
		if i > 0 {
			if raw == "" || raw[0] != 0 {
				return false
			}
			raw = raw[1:]
		}
		if !strings.HasPrefix(raw, item) {
			return false
		}
		raw = raw[len(item):]
	}
	return raw == ""
}

// SetCwd copies the working directory of t and of the threads that share it,
// with a slash at its end.
func (t *Thread) SetCwd(dir string) {
	own := t.ownFS()
	if strings.TrimSuffix(own.cwd, "/") == strings.TrimSuffix(dir, "/") && own.cwd != "" {
		return
	}
	if !strings.HasSuffix(dir, "/") {
		own.cwd = dir + "/"
	} else {
		own.cwd = strings.Clone(dir)
	}
	t.version++
}

// SetRoot copies the root directory of t and of the threads that share it.
func (t *Thread) SetRoot(dir string) { t.set(&t.ownFS().root, dir) }

func (t *Thread) ownFS() *dirs {
	if t.fs == nil {
		t.fs = &dirs{}
	}
	return t.fs
}
