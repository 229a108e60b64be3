package process

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Fields of a process's stat line behind its name, from 0.
const (
	statParent = 1
	statGroup  = 2
	statTTY    = 4
	statMinor  = 7
	statMajor  = 9
	statStart  = 19
)

// parseStat reads the line of /proc/PID/stat. The name in it, in brackets, may
// itself have brackets and blanks.
func (th *Thread) parseStat(line string) bool {
	open, end := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return false
	}
	fields := strings.Fields(line[end+1:])
	if len(fields) <= statStart {
		return false
	}
	th.Comm = line[open+1 : end]
	th.PTID = number(fields[statParent])
	th.PGID = number(fields[statGroup])
	th.VPGID = th.PGID
	th.TTY = uint32(number(fields[statTTY]))
	th.PFMinor, th.PFMajor = uint64(number(fields[statMinor])), uint64(number(fields[statMajor]))
	th.StartTime = uint64(number(fields[statStart])) * uint64(clockTick)
	return true
}

// number is a decimal number, 0 where it is none.
func number(s string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(s), 10, 64) // 0 is the answer where it fails
	return n
}

// statusLines say what to do with the lines of /proc/PID/status.
var statusLines = map[string]func(*Thread, []string){
	"Uid":    func(th *Thread, f []string) { th.UID = uint32(number(pick(f, 1))) }, // effective
	"Gid":    func(th *Thread, f []string) { th.GID = uint32(number(pick(f, 1))) },
	"NStgid": func(th *Thread, f []string) { th.setNamespace(&th.VPID, f) },
	"NSpid":  func(th *Thread, f []string) { th.setNamespace(&th.VTID, f) },
	"NSpgid": func(th *Thread, f []string) { th.setNamespace(&th.VPGID, f) },
	"NSsid":  func(th *Thread, f []string) { th.setNamespace(&th.SID, f) },
	"VmSize": func(th *Thread, f []string) { th.VMSizeKB = uint32(number(pick(f, 0))) },
	"VmRSS":  func(th *Thread, f []string) { th.VMRSSKB = uint32(number(pick(f, 0))) },
	"VmSwap": func(th *Thread, f []string) { th.VMSwapKB = uint32(number(pick(f, 0))) },
	"CapInh": func(th *Thread, f []string) { th.CapInheritable = hex(pick(f, 0)) },
	"CapPrm": func(th *Thread, f []string) { th.CapPermitted = hex(pick(f, 0)) },
	"CapEff": func(th *Thread, f []string) { th.CapEffective = hex(pick(f, 0)) },
}

func (th *Thread) parseStatus(text string) {
	for line := range strings.Lines(text) {
		key, rest, _ := strings.Cut(line, ":")
		if set := statusLines[key]; set != nil {
			set(th, strings.Fields(rest))
		}
	}
}

// pick is the i-th field, empty where there are fewer.
func pick(fields []string, i int) string {
	if i < len(fields) {
		return fields[i]
	}
	return ""
}

// setNamespace takes the innermost of the ids that a process has in its pid
// namespaces, the reader's first.
func (th *Thread) setNamespace(to *int64, ids []string) {
	if len(ids) == 0 {
		return
	}
	*to = number(ids[len(ids)-1])
	if len(ids) > 1 {
		th.Flags |= ChildInPidns
	}
}

func hex(s string) uint64 {
	n, _ := strconv.ParseUint(s, 16, 64) // 0 is the answer where it fails
	return n
}

// softFDLimit finds the limit of descriptors in /proc/PID/limits.
func softFDLimit(text string) int64 {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			return number(pick(strings.Fields(rest), 0))
		}
	}
	return 0
}

func loginUID(text string) uint32 {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	if err != nil {
		return NoLoginUID
	}
	return uint32(n)
}

// readProgram reads what runs in the process. A kernel thread has nothing of it.
func (th *Thread) readProgram(dir string) {
	if args := splitNUL(readText(dir, "cmdline")); len(args) > 0 {
		th.Exe, th.Args = args[0], args[1:]
	}
	th.Env = splitNUL(readText(dir, "environ"))
	if path, err := os.Readlink(filepath.Join(dir, "exe")); err == nil {
		th.SetExePath(path)
	}
	if cwd, err := os.Readlink(filepath.Join(dir, "cwd")); err == nil {
		th.SetCwd(cwd)
	}
	if root, err := os.Readlink(filepath.Join(dir, "root")); err == nil {
		th.SetRoot(root)
	}
	var st syscall.Stat_t
	if syscall.Stat(filepath.Join(dir, "exe"), &st) == nil {
		th.ExeIno = st.Ino
		th.ExeInoCtime, th.ExeInoMtime = uint64(st.Ctim.Nano()), uint64(st.Mtim.Nano())
		th.ExeWritable = writable(&st, th.UID, th.GID)
	}
}

// writable tells whether a file's mode lets a user write to it.
func writable(st *syscall.Stat_t, uid, gid uint32) bool {
	switch {
	case uid == 0:
		return true
	case st.Uid == uid:
		return st.Mode&0o200 != 0
	case st.Gid == gid:
		return st.Mode&0o020 != 0
	}
	return st.Mode&0o002 != 0
}

// readCgroups reads the process's cgroups as subsystem=path, the cgroup2 tree's
// as =path.
func (p *Procfs) readCgroups(th *Thread, dir string) {
	for line := range strings.Lines(readText(dir, "cgroup")) {
		_, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		subsystems, path, _ := strings.Cut(rest, ":")
		for subsystem := range strings.SplitSeq(subsystems, ",") {
			th.Cgroups = append(th.Cgroups, subsystem+"="+path)
		}
		var st syscall.Stat_t
		if subsystems == "" && p.cgroups != "" && syscall.Stat(filepath.Join(p.cgroups, path), &st) == nil {
			th.CgroupID = st.Ino
		}
	}
	th.FindContainer()
}

// namespaceStart sets when the first process of th's pid namespace started.
func (p *Procfs) namespaceStart(th *Thread) {
	th.PidnsInitStartTime = p.boot
	if !th.InPidNamespace() {
		return
	}
	th.PidnsInitStartTime = math.MaxUint64
	for a := th; a != nil && a.InPidNamespace(); a = a.parent {
		if th.PidnsInitStartTime = min(th.PidnsInitStartTime, a.CloneTime); a.VPID == 1 {
			return
		}
	}
}
