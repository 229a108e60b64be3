package conformance

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// scene is the part of a case that leads to the event or state it checks.
type scene struct {
	Event   int               `json:"event"`
	Setup   []json.RawMessage `json:"setup"`
	Partial bool              `json:"partial_setup"`
}

// step is one line of a setup; which keys count depends on Step.
type step struct {
	Step string `json:"step"`
	Num  uint16 `json:"num"`

	TID, OldTID, NewTID any
	PID, PPID, PTID     any
	Retval, Flags       any
	VTID, VPID          any
	Params              json.RawMessage
	EmptyParams         []int
	FilteredOut         bool

	Name, Comm, Pathname, ResolvedKernelPath, FileToRun, Cgroups any

	PGID, ReaperTID any

	Args  any
	Given map[string]any // all keys
}

// machine is the host of a case.
type machine struct {
	names  constants
	state  *syscall.State
	host   *syscall.Host
	event  syscall.Event
	record []byte
	num    uint64
	time   uint64
	open   bool
	// partial is a case in which some values are not given; their parameters
	// are empty.
	partial bool
}

const (
	firstTime = 1_700_000_000_000_000_000 // ns since the epoch
	stepTime  = 10_000_000                // ns between steps
)

func newMachine(names constants) *machine {
	threads := process.NewTable(process.Options{})
	users := &user.Table{}
	users.Add("", user.User{Name: "root", Home: "/root", Shell: "/bin/bash"})
	users.AddGroup("", user.Group{Name: "root"})
	return &machine{
		names: names,
		state: syscall.NewState(threads),
		host: &syscall.Host{
			Name: "test", Threads: threads, Users: users, Start: firstTime,
			Local: func(string) bool { return false }, // the cases' machine has no interfaces
		},
		time: firstTime,
	}
}

// play runs a setup.
func (m *machine) play(s scene) error {
	m.partial = s.Partial
	for i, raw := range s.Setup {
		st, err := readStep(raw)
		if err != nil {
			return err
		}
		if err := m.step(st); err != nil {
			return fmt.Errorf("step %d, %s: %w", i, st.Step, err)
		}
	}
	m.begin()
	return nil
}

// readStep reads a step, whose numbers stay as they are written.
func readStep(raw json.RawMessage) (*step, error) {
	v, err := readJSON(raw)
	if err != nil {
		return nil, err
	}
	keys, _ := v.(map[string]any)
	st := &step{
		TID: keys["tid"], OldTID: keys["old_tid"], NewTID: keys["new_tid"],
		PID: keys["pid"], PPID: keys["ppid"], PTID: keys["ptid"],
		Retval: keys["retval"], Flags: keys["flags"], VTID: keys["vtid"], VPID: keys["vpid"],
		Name: keys["name"], Comm: keys["comm"], Pathname: keys["pathname"],
		ResolvedKernelPath: keys["resolved_kernel_path"], FileToRun: keys["file_to_run"],
		Args: keys["args"], Given: keys,
		Cgroups: keys["cgroups"], PGID: keys["pgid"], ReaperTID: keys["reaper_tid"],
	}
	var rest struct {
		Step        string
		Num         uint16
		Params      json.RawMessage
		EmptyParams []int `json:"empty_params"`
		FilteredOut bool  `json:"filtered_out"`
	}
	err = json.Unmarshal(raw, &rest)
	st.Step, st.Num, st.Params = rest.Step, rest.Num, rest.Params
	st.EmptyParams, st.FilteredOut = rest.EmptyParams, rest.FilteredOut
	return st, err
}

// begin ends the time in which processes were there before the events.
func (m *machine) begin() {
	if !m.open {
		m.open = true
		m.state.Threads.LinkAll()
	}
}

// values encodes the parameters of an event type from plain values; missing
// ones at the end are zero or empty.
func (m *machine) values(num uint16, values ...any) ([][]byte, error) {
	info := syscall.Info(num)
	if info == nil {
		return nil, fmt.Errorf("event %d is not known", num)
	}
	if len(values) > len(info.Params) {
		return nil, fmt.Errorf("event %d has %d parameters, not %d", num, len(info.Params), len(values))
	}
	var params [][]byte
	for i, v := range values {
		b, err := m.names.param(&info.Params[i], v)
		if err != nil && !(m.partial && errors.Is(err, errUnresolved)) {
			return nil, fmt.Errorf("parameter %s: %w", info.Params[i].Name, err)
		}
		params = append(params, b)
	}
	return params, nil
}

// feed sends an event through decoding and state.
func (m *machine) feed(num uint16, tid int64, params [][]byte) error {
	m.begin()
	m.host.Before = m.event.Head.Time
	m.time += stepTime
	rec := inject.Record{Time: m.time, TID: tid, Type: num, Params: params}
	m.record = rec.Append(nil)
	if err := m.event.Decode(m.record, syscall.FormCounted); err != nil {
		return err
	}
	m.num++
	m.event.Head.Num = m.num
	m.event.CPU = 1
	m.event.Host = m.host
	m.state.Apply(&m.event)
	return nil
}

// inject is values and feed.
func (m *machine) inject(num uint16, tid int64, values ...any) error {
	params, err := m.values(num, values...)
	if err != nil {
		return err
	}
	return m.feed(num, tid, params)
}
