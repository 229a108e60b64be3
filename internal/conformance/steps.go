package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

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
	return m.inject(syscall.EvCloneX, tid, values...)
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

func (m *machine) connect(*step) error {
	client, server := "172.40.111.222:54321", "142.251.111.147:443"
	fd, err := m.values(syscall.EvConnectE, json.Number("4"))
	if err != nil {
		return err
	}
	res, err := m.values(syscall.EvConnectX, json.Number("0"))
	if err != nil {
		return err
	}
	src, dst := netip.MustParseAddrPort(client), netip.MustParseAddrPort(server)
	return m.feed(syscall.EvConnectX, 1, [][]byte{res[0], inject.Tuple(src, dst), fd[0], inject.Addr(dst)})
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
