package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/lannersec/lanner/identity/process"
)

// runState compares threads and descriptors.
func runState(corpus *Corpus, c Case) error {
	var want struct {
		scene
		Attr   string
		Check  string
		Args   json.RawMessage
		Expect json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	m, err := played(corpus, want.scene)
	if err != nil {
		return err
	}
	if c.Kind == "thread_table" {
		args, err := readJSON(want.Args)
		list, _ := args.([]any)
		return errors.Join(err, m.checkTable(want.Check, list))
	}
	expect, err := readJSON(want.Expect)
	if err != nil {
		return err
	}
	if c.Kind == "threadinfo" {
		if err := m.lookAt(want.scene); err != nil {
			return err
		}
	}
	return m.checkAttr(c.Kind, want.Attr, expect)
}

// lookAt turns to the thread that a check is about: the event's own, the child
// where the event is the caller's side of a clone, and without an event the
// only one there is.
func (m *machine) lookAt(s scene) error {
	st, err := readStep(s.Setup[s.Event])
	if err != nil {
		return err
	}
	if child, err := m.names.number(st.Retval); err == nil && child > 0 {
		m.event.Thread = m.thread(child)
	}
	if m.event.Thread != nil {
		return nil
	}
	if m.state.Threads.Len() != 1 {
		return errors.New("the case does not say which thread it is about")
	}
	m.state.Threads.Each(func(th *process.Thread) bool {
		m.event.Thread = th
		return true
	})
	return nil
}

// checkAttr compares an attribute of the event's descriptor or thread.
func (m *machine) checkAttr(kind, attr string, expect any) error {
	got, err := m.attr(kind, attr)
	if err != nil {
		return err
	}
	if form, ok := expect.(map[string]any); ok && form["const"] != nil {
		n, err := m.names.number(expect)
		if err != nil {
			return err
		}
		expect = n
	}
	return compare(attr, expect, got)
}

func (m *machine) attr(kind, attr string) (any, error) {
	if kind == "threadinfo" {
		if get := threadAttrs[attr]; get != nil {
			return get(m.event.Thread), nil
		}
		return nil, fmt.Errorf("attribute %q is not known", attr)
	}
	get := fdAttrs[attr]
	switch {
	case get == nil:
		return nil, fmt.Errorf("attribute %q is not known", attr)
	case m.event.FD == nil:
		return nil, errors.New("the event has no descriptor")
	}
	return get(m.event.FD), nil
}

// fdAttrs reads a descriptor's attributes by the names that the cases use.
var fdAttrs = map[string]func(*process.FD) any{
	"m_fd":           func(f *process.FD) any { return f.Num },
	"m_name":         func(f *process.FD) any { return f.Name },
	"m_name_raw":     func(f *process.FD) any { return f.NameRaw },
	"m_openflags":    func(f *process.FD) any { return f.Flags },
	"get_ino":        func(f *process.FD) any { return f.Ino },
	"get_l4proto":    func(f *process.FD) any { return f.Proto() },
	"get_typechar":   func(f *process.FD) any { return string(f.Type.Char()) },
	"get_typestring": func(f *process.FD) any { return f.Type.String() },
	"is_ipv4_socket": func(f *process.FD) any { return f.Type == process.FDIPv4Sock },
	"is_ipv6_socket": func(f *process.FD) any { return f.Type == process.FDIPv6Sock },
	"is_unix_socket": func(f *process.FD) any { return f.Type == process.FDUnixSock },
	"is_udp_socket":  func(f *process.FD) any { return f.Type.IsInet() && f.L4 == process.L4UDP },
	"is_tcp_socket":  func(f *process.FD) any { return f.IsTCP() },
	"is_file": func(f *process.FD) any {
		return f.Type == process.FDFile || f.Type == process.FDFileV2
	},
	"is_directory":     func(f *process.FD) any { return f.Type == process.FDDirectory },
	"is_pidfd":         func(f *process.FD) any { return f.Type == process.FDPidfd },
	"is_overlay_upper": func(f *process.FD) any { return f.State&process.FDUpperLayer != 0 },
	"is_overlay_lower": func(f *process.FD) any { return f.State&process.FDLowerLayer != 0 },
	"is_cloned":        func(f *process.FD) any { return f.State&process.FDCloned != 0 },
	"m_type":           func(f *process.FD) any { return f.Type },
	"m_dev":            func(f *process.FD) any { return f.Dev },
	"get_device":       func(f *process.FD) any { return f.Dev },
	"m_ino":            func(f *process.FD) any { return f.Ino },
	"m_pid":            func(f *process.FD) any { return f.PID },
	"is_pipe":          func(f *process.FD) any { return f.Type == process.FDFifo },
	"is_role_client":   func(f *process.FD) any { return f.State&process.FDClient != 0 },
	"is_role_server":   func(f *process.FD) any { return f.State&process.FDServer != 0 },
	"is_role_none": func(f *process.FD) any {
		return f.State&(process.FDServer|process.FDClient) == 0
	},
	"is_socket_connected": func(f *process.FD) any { return f.State&process.FDConnected != 0 },
	"is_socket_failed":    func(f *process.FD) any { return f.State&process.FDFailed != 0 },
	"is_socket_pending":   func(f *process.FD) any { return f.State&process.FDPending != 0 },
}

// threadAttrs reads a thread's attributes by the names that the cases use.
var threadAttrs = map[string]func(*process.Thread) any{
	"m_tid":         func(t *process.Thread) any { return t.TID },
	"m_pid":         func(t *process.Thread) any { return t.PID },
	"m_ptid":        func(t *process.Thread) any { return t.PTID },
	"m_pgid":        func(t *process.Thread) any { return t.PGID },
	"m_reaper_tid":  func(t *process.Thread) any { return t.ReaperID },
	"m_comm":        func(t *process.Thread) any { return t.Comm },
	"get_comm()":    func(t *process.Thread) any { return t.Comm },
	"m_exepath":     func(t *process.Thread) any { return t.ExePath },
	"get_exepath()": func(t *process.Thread) any { return t.ExePath },
	"m_lastevent_fd": func(t *process.Thread) any {
		return t.LastFD
	},
	"m_lastexec_ts":     func(t *process.Thread) any { return t.ExecTime },
	"m_clone_ts":        func(t *process.Thread) any { return t.CloneTime },
	"m_vtid":            func(t *process.Thread) any { return t.VTID },
	"m_vpid":            func(t *process.Thread) any { return t.VPID },
	"m_sid":             func(t *process.Thread) any { return t.SID },
	"m_vpgid":           func(t *process.Thread) any { return t.VPGID },
	"m_uid":             func(t *process.Thread) any { return t.UID },
	"m_gid":             func(t *process.Thread) any { return t.GID },
	"m_loginuid":        func(t *process.Thread) any { return t.LoginUID },
	"m_tty":             func(t *process.Thread) any { return t.TTY },
	"m_exe":             func(t *process.Thread) any { return t.Exe },
	"get_exe()":         func(t *process.Thread) any { return t.Exe },
	"get_cwd()":         func(t *process.Thread) any { return t.Cwd() },
	"m_root":            func(t *process.Thread) any { return t.Root() },
	"m_fdlimit":         func(t *process.Thread) any { return t.FDLimit },
	"m_flags":           func(t *process.Thread) any { return t.Flags },
	"m_cap_permitted":   func(t *process.Thread) any { return t.CapPermitted },
	"m_cap_effective":   func(t *process.Thread) any { return t.CapEffective },
	"m_cap_inheritable": func(t *process.Thread) any { return t.CapInheritable },
	"m_exe_ino":         func(t *process.Thread) any { return t.ExeIno },
	"m_exe_writable":    func(t *process.Thread) any { return t.ExeWritable },
	"m_pfmajor":         func(t *process.Thread) any { return t.PFMajor },
	"m_pfminor":         func(t *process.Thread) any { return t.PFMinor },
	"is_main_thread()":  func(t *process.Thread) any { return t.IsLeader() },
	"is_dead()":         func(t *process.Thread) any { return t.Dead() },
	"is_invalid()":      func(t *process.Thread) any { return !t.Valid() },
	"m_vmsize_kb":       func(t *process.Thread) any { return t.VMSizeKB },
	"m_vmrss_kb":        func(t *process.Thread) any { return t.VMRSSKB },
	"m_vmswap_kb":       func(t *process.Thread) any { return t.VMSwapKB },
}

// tableChecks compare the thread table; n are the check's numbers.
var tableChecks = map[string]func(m *machine, n []int64, args []any) (want, got any){
	"thread_info_pids": func(m *machine, n []int64, _ []any) (any, any) {
		th := m.thread(n[0])
		return n, []int64{th.TID, th.PID, th.PTID}
	},
	"thread_info_pids_in_container": func(m *machine, n []int64, _ []any) (any, any) {
		th := m.thread(n[0])
		return n, []int64{th.TID, th.PID, th.PTID, th.VTID, th.VPID}
	},
	"thread_group_info":   checkGroup,
	"thread_children":     checkChildren,
	"thread_info_flag":    checkFlag,
	"missing_thread_info": checkMissing,
	"thread_info_comm": func(m *machine, n []int64, args []any) (any, any) {
		return args[1], m.thread(n[0]).Comm
	},
}

// thread is a known thread, or one that is equal to no expectation.
func (m *machine) thread(tid int64) *process.Thread {
	if th := m.state.Threads.Get(tid); th != nil {
		return th
	}
	return process.NewThread(-1)
}

func (m *machine) checkTable(check string, args []any) error {
	do := tableChecks[check]
	if do == nil {
		return fmt.Errorf("check %q is not known", check)
	}
	list := make([]int64, len(args))
	for i, arg := range args {
		if _, isText := arg.(string); isText {
			continue
		}
		n, err := m.names.number(arg)
		if err != nil {
			return err
		}
		list[i] = n
	}
	want, got := do(m, list, args)
	return compare(check, want, got)
}

func checkGroup(m *machine, n []int64, _ []any) (any, any) {
	g := m.state.Threads.Group(n[0])
	if g == nil {
		return n, "no such group"
	}
	var tids []int64
	g.Each(func(th *process.Thread) bool { tids = append(tids, th.TID); return true })
	got := []any{g.PID, g.Alive(), g.Reaper, g.Len(), len(tids)}
	want := []any{n[0], n[1], n[2] != 0, n[3], n[4]}
	if len(n) > 5 {
		want, got = append(want, ordered(n[5:])), append(got, ordered(tids))
	}
	return want, got
}

func checkChildren(m *machine, n []int64, _ []any) (any, any) {
	th := m.thread(n[0])
	var tids []int64
	th.EachChild(func(child *process.Thread) bool { tids = append(tids, child.TID); return true })
	listed, live := th.Children()
	want, got := []any{n[1], n[2]}, []any{listed, live}
	if len(n) > 3 {
		want, got = append(want, ordered(n[3:])), append(got, ordered(tids))
	}
	return want, got
}

func ordered(n []int64) []int64 {
	n = slices.Clone(n)
	slices.Sort(n)
	return n
}

func checkFlag(m *machine, n []int64, _ []any) (any, any) {
	return n[2] != 0, m.thread(n[0]).Flags&process.Flags(n[1]) != 0
}

func checkMissing(m *machine, n []int64, _ []any) (any, any) {
	return n[1] != 0, m.state.Threads.Get(n[0]) == nil
}
