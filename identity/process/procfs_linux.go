package process

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// maxProcFile bounds what is read of a process's arguments and environment.
const maxProcFile = 64 << 10

// Procfs reads processes from a /proc tree.
type Procfs struct {
	dir     string
	cgroups string // cgroup2 tree, for cgroup ids; empty: none
	boot    uint64 // ns since the epoch
	all     bool   // seesAll
}

// OpenProcfs looks at the tree dir, /proc or where a container has the host's.
// cgroups is the mount of the cgroup2 tree, from which processes get their
// cgroup id; it may be empty.
func OpenProcfs(dir, cgroups string) (*Procfs, error) {
	text, err := os.ReadFile(filepath.Join(dir, "uptime"))
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(text), " ")
	seconds, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return nil, fmt.Errorf("%s/uptime: %w", dir, err)
	}
	boot := time.Now().Add(-time.Duration(seconds * float64(time.Second)))
	p := &Procfs{dir: dir, cgroups: cgroups, boot: uint64(boot.UnixNano())}
	p.all = p.seesAll()
	return p, nil
}

// Boot is when the machine booted, in ns since the epoch, to about 10 ms.
func (p *Procfs) Boot() uint64 { return p.boot }

// Snapshot adds all processes to the table, in a tree, and tells how many.
// Processes that end meanwhile are left out. Their other threads come with
// their events.
func (p *Procfs) Snapshot(t *Table) (int, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, entry := range entries {
		pid, err := strconv.ParseInt(entry.Name(), 10, 64)
		if err != nil {
			continue
		}
		th, err := p.read(pid)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return n, err
		}
		t.AddUnlinked(th)
		n++
	}
	t.LinkAll()
	t.Each(func(th *Thread) bool { p.namespaceStart(th); return true })
	return n, nil
}

// Refresh reads one process again, for one that the table learnt of without its
// exec. The error is one of package fs where it has ended.
func (p *Procfs) Refresh(t *Table, pid int64) error {
	th, err := p.read(pid)
	if err != nil {
		return err
	}
	old := t.Get(pid)
	if old == nil {
		t.Add(th)
		p.namespaceStart(th)
		return nil
	}
	if !old.sameStart(th.StartTime) {
		return fs.ErrNotExist // the number is another process's by now
	}
	old.learn(th)
	p.namespaceStart(old)
	return nil
}

// RefreshCgroups reads again which cgroups a process is in, for one that was
// moved. What was known stays where the process has ended.
func (p *Procfs) RefreshCgroups(th *Thread) {
	var now Thread
	p.readCgroups(&now, filepath.Join(p.dir, strconv.FormatInt(th.PID, 10)))
	if len(now.Cgroups) == 0 {
		return
	}
	th.Cgroups = now.Cgroups
	th.FindContainer()
}

// learn takes over what /proc tells of a program, and keeps the process's place
// in the tree.
func (t *Thread) learn(from *Thread) {
	t.Exe, t.Args, t.Env, t.ExePath, t.ExeDeleted = from.Exe, from.Args, from.Env, from.ExePath, from.ExeDeleted
	t.Comm = from.Comm
	t.ExeIno, t.ExeInoCtime, t.ExeInoMtime = from.ExeIno, from.ExeInoCtime, from.ExeInoMtime
	t.ExeWritable = from.ExeWritable
	t.TTY, t.LoginUID = from.TTY, from.LoginUID
	t.Cgroups, t.CgroupID = from.Cgroups, from.CgroupID
	t.CapInheritable, t.CapPermitted, t.CapEffective = from.CapInheritable, from.CapPermitted, from.CapEffective
	t.FDLimit = from.FDLimit
	*t.ownFS() = *from.ownFS()
	t.version++
}

// errGone is a process that ended while it was read.
var errGone = errors.New("process: the process has ended")

// read makes a process's main thread from its files.
func (p *Procfs) read(pid int64) (*Thread, error) {
	dir := filepath.Join(p.dir, strconv.FormatInt(pid, 10))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return nil, err
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return nil, err
	}
	th := NewThread(pid)
	th.PID, th.VTID, th.VPID = pid, pid, pid
	if !th.parseStat(string(stat)) {
		return nil, fmt.Errorf("%s/stat: %w", dir, errGone)
	}
	th.parseStatus(string(status))
	th.CloneTime = p.boot + th.StartTime
	th.FDLimit = softFDLimit(readText(dir, "limits"))
	th.LoginUID = loginUID(readText(dir, "loginuid"))
	th.readProgram(dir)
	p.readCgroups(th, dir)
	return th, nil
}

// readText is a small file's content, empty where it cannot be read: kernel
// threads and other users' processes have less to show.
func readText(dir, name string) string {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	defer f.Close() // read only: nothing is lost
	b, err := io.ReadAll(io.LimitReader(f, maxProcFile))
	if err != nil {
		return ""
	}
	return string(b)
}
