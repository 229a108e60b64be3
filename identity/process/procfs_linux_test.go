package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/lannersec/lanner/internal/testenv"
)

// fakeProc writes a /proc tree with one process.
func fakeProc(t *testing.T, stat string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"uptime":        "1000.00 5.00\n",
		"42/stat":       stat,
		"42/status":     "Name:\tx\nUid:\t0\t1000\t0\t0\nGid:\t0\t100\t0\t0\nNStgid:\t42\t7\nNSpid:\t42\t7\nNSpgid:\t42\t7\nNSsid:\t40\t5\nVmRSS:\t 128 kB\nCapEff:\t00000000000000ff\n",
		"42/cmdline":    "nginx\x00-g\x00daemon off;\x00",
		"42/environ":    "A=1\x00",
		"42/loginuid":   "4294967295",
		"42/limits":     "Limit Soft Hard Units\nMax open files            1024                 4096                 files\n",
		"42/cgroup":     "1:cpu,cpuacct:/docker/abc\n0::/docker/abc\n",
		"not-a-process": "",
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"exe": "/usr/sbin/nginx (deleted)", "cwd": "/srv", "root": "/"} {
		if err := os.Symlink(target, filepath.Join(dir, "42", link)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const nginxStat = "42 (a) b (c) S 1 42 40 34816 42 0 11 0 12 0 0 0 0 0 20 0 1 0 500 1000 1\n"

func TestSnapshotOfOneProcess(t *testing.T) {
	proc, err := OpenProcfs(fakeProc(t, nginxStat), "")
	if err != nil {
		t.Fatal(err)
	}
	table := NewTable(Options{})
	if n, err := proc.Snapshot(table); n != 1 || err != nil {
		t.Fatalf("%d processes, %v", n, err)
	}
	th := table.Get(42)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"comm", th.Comm, "a) b (c"},
		{"exe", th.Exe, "nginx"},
		{"args", len(th.Args), 2},
		{"exepath", th.ExePath, "/usr/sbin/nginx"},
		{"deleted", th.ExeDeleted, true},
		{"cwd", th.Cwd(), "/srv/"},
		{"uid", th.UID, uint32(1000)},
		{"gid", th.GID, uint32(100)},
		{"login uid", th.LoginUID, uint32(NoLoginUID)},
		{"pgid", th.PGID, int64(42)},
		{"vpgid", th.VPGID, int64(7)},
		{"sid", th.SID, int64(5)},
		{"vpid", th.VPID, int64(7)},
		{"in a namespace", th.InPidNamespace(), true},
		{"tty", th.TTY, uint32(34816)},
		{"minor faults", th.PFMinor, uint64(11)},
		{"major faults", th.PFMajor, uint64(12)},
		{"start", th.StartTime, uint64(5e9)},
		{"clone time", th.CloneTime, proc.Boot() + 5e9},
		{"limit", th.FDLimit, int64(1024)},
		{"capabilities", th.CapEffective, uint64(255)},
		{"memory", th.VMRSSKB, uint32(128)},
		{"cgroups", len(th.Cgroups), 3},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestSnapshotSkipsProcessThatEnds(t *testing.T) {
	proc, err := OpenProcfs(fakeProc(t, ""), "")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := proc.Snapshot(NewTable(Options{})); n != 0 || err != nil {
		t.Errorf("%d processes, %v", n, err)
	}
}

func TestRefresh(t *testing.T) {
	proc, err := OpenProcfs(fakeProc(t, nginxStat), "")
	if err != nil {
		t.Fatal(err)
	}
	table := NewTable(Options{})
	th := table.Heal(&Identity{TID: 42, PID: 42, PTID: 1, StartTime: 5e9 + 1234, Comm: "old"})
	if err := proc.Refresh(table, 42); err != nil || th.ExePath != "/usr/sbin/nginx" {
		t.Errorf("%v, %q", err, th.ExePath)
	}
	th.StartTime = 9e9
	if err := proc.Refresh(table, 42); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("another process's files were taken: %v", err)
	}
	if err := proc.Refresh(table, 43); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a process that has ended: %v", err)
	}
}

func TestSnapshotOfThisMachine(t *testing.T) {
	proc, err := OpenProcfs("/proc", "")
	testenv.Require(t, err == nil, "this process' own /proc cannot be read")
	table := NewTable(Options{})
	if _, err := proc.Snapshot(table); err != nil {
		t.Fatal(err)
	}
	self := table.Get(int64(os.Getpid()))
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if self == nil || self.ExePath != exe || self.Parent() == nil && os.Getppid() != 0 {
		t.Errorf("this process is %+v", self)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add(nginxStat)
	f.Add("1 (x")
	f.Add(")(")
	f.Fuzz(func(_ *testing.T, line string) { NewThread(1).parseStat(line) })
}
