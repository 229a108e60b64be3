package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// stepFuncs does each kind of step.
var stepFuncs = map[string]func(*machine, *step) error{
	"event":                       (*machine).injectEvent,
	"add_default_init_thread":     (*machine).addInit,
	"add_simple_thread":           (*machine).addSimple,
	"open_inspector":              func(m *machine, _ *step) error { m.begin(); return nil },
	"set_num":                     func(m *machine, _ *step) error { m.num++; return nil },
	"generate_clone_x_event":      (*machine).clone,
	"generate_proc_exit_event":    (*machine).exit,
	"remove_thread":               (*machine).removeThread,
	"generate_random_event":       (*machine).randomEvent,
	"generate_socket_exit_event":  (*machine).socket,
	"generate_connect_exit_event": (*machine).connect,
	"generate_open_x_event":       (*machine).openFile,
	"add_thread":                  (*machine).addGiven,
	"create_threadinfo":           (*machine).addGiven,
	"set_lastevent_ts":            (*machine).setClock,
	"generate_getcwd_failed_entry_event": func(m *machine, _ *step) error {
		return m.inject(syscall.EvGetcwdX, 1, json.Number("-1"), "/test/dir")
	},
	"generate_execve_enter_and_exit_event":   func(m *machine, st *step) error { return m.exec(st, syscall.EvExecveX) },
	"generate_execveat_enter_and_exit_event": func(m *machine, st *step) error { return m.exec(st, syscall.EvExecveatX) },
	"generate_execve_exit_event_with_default_params": func(m *machine, st *step) error {
		return m.execDefault(st, false)
	},
	"generate_execve_exit_event_with_empty_params": func(m *machine, st *step) error {
		return m.execDefault(st, true)
	},
}

func (m *machine) step(st *step) error {
	do := stepFuncs[st.Step]
	if do == nil {
		return fmt.Errorf("the step is not known: %w", errUnresolved)
	}
	return do(m, st)
}

// injectEvent sends an event whose parameters are given.
func (m *machine) injectEvent(st *step) error {
	tid, err := m.names.number(st.TID)
	if err != nil {
		return err
	}
	v, err := readJSON(st.Params)
	if err != nil {
		return err
	}
	var values []any
	list, _ := v.([]any)
	for _, item := range list {
		if pair, ok := item.([]any); ok && len(pair) == 2 {
			item = pair[1] // behind its name
		}
		values = append(values, item)
	}
	params, err := m.values(st.Num, values...)
	if err != nil {
		return err
	}
	for _, i := range st.EmptyParams {
		if i < len(params) {
			params[i] = nil
		}
	}
	return m.feed(st.Num, tid, params)
}

// allCapabilities is the full set of the cases' kernel.
const allCapabilities = 0x1ffffffffff

// addInit adds the process that is there from the start in nearly all cases.
func (m *machine) addInit(*step) error {
	th := process.NewThread(1)
	th.PID, th.PTID, th.VTID, th.VPID = 1, 0, 1, 1
	th.SID, th.VPGID, th.PGID = 0, 1, -1
	th.Comm, th.Exe, th.ExePath = "init", "/sbin/init", "/sbin/init"
	th.Args = []string{"context", "ls", "--format", "{{json .}}"}
	th.Env = []string{"TEST_ENV_PARENT_LINEAGE=secret", "HOME=/home/user/parent"}
	th.FDLimit = 0x100000
	th.CapPermitted, th.CapEffective = allCapabilities, allCapabilities
	th.ExeWritable = true
	th.VMSizeKB, th.VMRSSKB, th.PFMajor, th.PFMinor = 10000, 100, 222, 22
	th.SetCwd("/root/")
	th.SetRoot("/")
	th.FDs = &process.FDTable{}
	fd := th.FDs.Open(0)
	fd.Type, fd.Ino, fd.Flags = process.FDFile, 5, 1
	fd.SetName("/dev/null")
	fd.SetNameRaw("/dev/null")
	return m.addThread(th)
}

// addGiven adds a thread of which all or some facts are given.
func (m *machine) addGiven(st *step) error {
	th := process.NewThread(0)
	th.PTID, th.SID, th.VPGID = 0, 0, 1
	th.Comm, th.Exe, th.ExePath = "init", "/sbin/init", "/sbin/init"
	th.FDLimit, th.ExeWritable = 0x100000, true
	th.CapPermitted, th.CapEffective = allCapabilities, allCapabilities
	th.SetCwd("/root/")
	th.SetRoot("/")
	for key, value := range st.Given {
		if err := m.set(th, key, value); err != nil {
			return err
		}
	}
	if th.VTID < 0 {
		th.VTID = th.TID
	}
	if th.VPID < 0 {
		th.VPID = th.PID
	}
	return m.addThread(th)
}

// set sets a fact of a thread by its name in a step.
func (m *machine) set(th *process.Thread, key string, value any) error {
	if to := numberFact(th, key); to != nil {
		n, err := m.names.number(value)
		to(n)
		return err
	}
	text, err := m.names.text(value)
	switch key {
	case "comm":
		th.Comm = text
	case "exe":
		th.Exe = text
	case "exepath":
		th.ExePath = text
	case "cwd":
		th.SetCwd(text)
	case "root":
		th.SetRoot(text)
	case "args":
		th.SetArgs(strings.ReplaceAll(text, " ", "\x00"))
	case "env":
		th.SetEnv(text)
	default:
		return nil // no fact of the thread
	}
	return err
}

// numberFact sets a number of a thread; nil for what is none.
func numberFact(th *process.Thread, key string) func(int64) {
	signed := map[string]*int64{
		"tid": &th.TID, "pid": &th.PID, "ptid": &th.PTID, "vtid": &th.VTID, "vpid": &th.VPID,
		"sid": &th.SID, "vpgid": &th.VPGID, "pgid": &th.PGID, "fdlimit": &th.FDLimit,
	}
	if to := signed[key]; to != nil {
		return func(n int64) { *to = n }
	}
	small := map[string]*uint32{
		"uid": &th.UID, "gid": &th.GID, "loginuid": &th.LoginUID, "tty": &th.TTY,
		"vmsize_kb": &th.VMSizeKB, "vmrss_kb": &th.VMRSSKB, "vmswap_kb": &th.VMSwapKB,
	}
	if to := small[key]; to != nil {
		return func(n int64) { *to = uint32(n) }
	}
	switch key {
	case "flags":
		return func(n int64) { th.Flags = process.Flags(n) }
	case "clone_ts":
		return func(n int64) { th.CloneTime = uint64(n) }
	}
	return nil
}

// setClock moves the clock to a time, or by the time where a case counts from 0.
func (m *machine) setClock(st *step) error {
	list, _ := st.Args.([]any)
	if len(list) != 1 {
		return errUnresolved
	}
	n, err := m.names.number(list[0])
	if n < firstTime {
		n += firstTime
	}
	m.time = uint64(n)
	return err
}

func (m *machine) addThread(th *process.Thread) error {
	m.state.Threads.AddUnlinked(th)
	return nil
}

func (m *machine) addSimple(st *step) error {
	tid, err1 := m.names.number(st.TID)
	th := process.NewThread(tid)
	var err2, err3, err4 error
	th.PID, err2 = m.names.number(st.PID)
	th.PTID, err3 = m.names.number(st.PTID)
	th.VTID, th.VPID, th.VPGID = tid, th.PID, tid
	th.Exe, th.ExePath = "/sbin/init", "/sbin/init"
	th.Comm, err4 = m.names.text(st.Comm)
	th.SetCwd("/root/")
	return errors.Join(err1, err2, err3, err4, m.addThread(th))
}

// or is v, or other where v is not given.
func or(v, other any) any {
	if v == nil {
		return other
	}
	return v
}

// zeros are n numbers.
func zeros(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = json.Number("0")
	}
	return list
}

// nonzero is v, or other where v is 0 or not given.
func (m *machine) nonzero(v, other any) any {
	if n, err := m.names.number(v); err == nil && n == 0 {
		return other
	}
	return v
}

func (m *machine) clone(st *step) error {
	tid, err := m.names.number(st.TID)
	if err != nil {
		return err
	}
	name := or(st.Name, "bash")
	values := []any{
		st.Retval, name, nil, st.TID, st.PID, st.PPID, "",
	}
	values = append(values, zeros(6)...)
	values = append(values, name, st.Cgroups, or(st.Flags, json.Number("0")))
	values = append(values, zeros(2)...)
	values = append(values, m.nonzero(st.VTID, st.TID), m.nonzero(st.VPID, st.PID), json.Number("0"))
	return m.inject(cloneType(st), tid, values...)
}

// cloneType is the encoding of a clone step's event.
func cloneType(st *step) uint16 {
	name := strings.ToLower(fmt.Sprint(st.Given["event_type"]))
	switch {
	case strings.Contains(name, "vfork"):
		return syscall.EvVforkX
	case strings.Contains(name, "fork"):
		return syscall.EvForkX
	case strings.Contains(name, "clone3"):
		return syscall.EvClone3X
	}
	return syscall.EvCloneX
}

func (m *machine) exec(st *step, num uint16) error {
	tid, err := m.names.number(st.NewTID)
	if err != nil {
		return err
	}
	path := or(st.Pathname, "/bin/test-exe")
	values := execValues(st.Retval, path, st.NewTID, st.PID, st.PPID, or(st.Comm, "test-exe"))
	values[14] = st.Cgroups
	values[27] = or(st.ResolvedKernelPath, "/bin/test-exe")
	values[28] = or(st.PGID, json.Number("0"))
	if num == syscall.EvExecveX {
		values = append(values, path)
	}
	return m.inject(num, tid, values...)
}

// execValues are the parameters of an exec event up to the group id.
func execValues(res, exe, tid, pid, ptid, comm any) []any {
	values := []any{res, exe, nil, tid, pid, ptid, ""}
	values = append(values, zeros(6)...) // limits and memory
	values = append(values, comm, nil, nil)
	values = append(values, zeros(11)...) // tty to uid
	return append(values, "", json.Number("0"), json.Number("0"))
}

// execDefault is an exec event with little in it; where empty is set, the
// parameters that older events lack have no content.
func (m *machine) execDefault(st *step, empty bool) error {
	pid, err := m.names.number(st.PID)
	if err != nil {
		return err
	}
	values := execValues(json.Number("0"), st.FileToRun, st.PID, st.PID, st.PID, st.Comm)
	values = append(values, st.FileToRun)
	params, err := m.values(syscall.EvExecveX, values...)
	if err != nil {
		return err
	}
	if !empty {
		return m.feed(syscall.EvExecveX, pid, params)
	}
	for i := 18; i <= 29; i++ {
		params[i] = nil
	}
	return m.feed(syscall.EvExecveX, 1, params)
}

func (m *machine) exit(st *step) error {
	tid, err1 := m.names.number(st.TID)
	values := []any{json.Number("-1"), json.Number("-1"), json.Number("0"), json.Number("0"), st.ReaperTID}
	return errors.Join(err1, m.inject(syscall.EvProcexitE, tid, values...))
}

// removeThread lets a thread exit and leave.
func (m *machine) removeThread(st *step) error {
	return errors.Join(m.exit(st), m.feed(syscall.EvGetsocknameX, 1, nil))
}

func (m *machine) randomEvent(st *step) error {
	tid, err := m.names.number(or(st.TID, json.Number("1")))
	return errors.Join(err, m.feed(syscall.EvGetsocknameX, tid, nil))
}

func (m *machine) socket(st *step) error {
	v, err := readJSON(st.Params)
	if err != nil {
		return err
	}
	domain, kind := any(json.Number("2")), any(json.Number("1"))
	if form, ok := v.(map[string]any); ok {
		if args, ok := form["socket_params"].([]any); ok && len(args) == 2 {
			domain, kind = args[0], args[1]
		}
	}
	return m.inject(syscall.EvSocketX, 1, json.Number("4"), domain, kind, json.Number("0"))
}

// connect is a successful connect of one of three families, which the step's
// values name.
func (m *machine) connect(st *step) error {
	fd, err1 := m.values(syscall.EvConnectE, json.Number("4"))
	res, err2 := m.values(syscall.EvConnectX, json.Number("0"))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	src, dst := netip.MustParseAddrPort("172.40.111.222:54321"), netip.MustParseAddrPort("142.251.111.147:443")
	tuple, addr := inject.Tuple(src, dst), inject.Addr(dst)
	switch family := strings.ToLower(fmt.Sprint(st.Given)); {
	case strings.Contains(family, "inet6"):
		src, dst = netip.MustParseAddrPort("[::1]:54321"), netip.MustParseAddrPort("[2001:4860:4860::8888]:443")
		tuple, addr = inject.Tuple(src, dst), inject.Addr(dst)
	case strings.Contains(family, "unix"):
		const path = "/tmp/socket.sock"
		tuple, addr = inject.UnixTuple(0, 0, path), inject.UnixAddr(path)
	}
	return m.feed(syscall.EvConnectX, 1, [][]byte{res[0], tuple, fd[0], addr})
}

// openFile opens a file as descriptor 4; parameters that are given stand in the
// place of the usual ones.
func (m *machine) openFile(st *step) error {
	v, err := readJSON(st.Params)
	if err != nil {
		return err
	}
	values := []any{
		json.Number("4"), "/home/file.txt", map[string]any{"const": "PPM_O_RDWR"},
		json.Number("0"), json.Number("5"), json.Number("0"),
	}
	given, _ := v.([]any)
	copy(values, given)
	return m.inject(syscall.EvOpenX, 1, values...)
}
