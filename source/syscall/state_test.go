package syscall_test

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// world sends events to a State.
type world struct {
	t     testing.TB
	state *syscall.State
	event syscall.Event
	time  uint64
}

func newWorld(t testing.TB) *world {
	t.Helper()
	table := process.NewTable(process.Options{})
	init := process.NewThread(1)
	init.PID, init.PTID, init.VTID, init.VPID = 1, 0, 1, 1
	init.SetCwd("/root")
	table.Add(init)
	return &world{t: t, state: syscall.NewState(table), time: 1e18}
}

// record encodes an event from plain values.
func (w *world) record(num uint16, tid int64, values ...any) []byte {
	w.t.Helper()
	rec, err := inject.Encode(w.time, tid, num, values...)
	if err != nil {
		w.t.Fatal(err)
	}
	return rec
}

func (w *world) feed(rec []byte) *syscall.Event {
	if err := w.event.Decode(rec, syscall.FormCounted); err != nil {
		w.t.Fatal(err)
	}
	w.state.Apply(&w.event)
	return &w.event
}

func (w *world) do(num uint16, tid int64, values ...any) *syscall.Event {
	w.t.Helper()
	w.time += 1e6
	return w.feed(w.record(num, tid, values...))
}

func (w *world) fd(tid, n int64) *process.FD {
	th := w.state.Threads.Get(tid)
	if th == nil {
		w.t.Fatalf("thread %d is not known", tid)
	}
	return th.FDs.Get(n)
}

const (
	atFDCWD    = -100
	oDirectory = 1 << 10
)

func TestPathsOfOpenedFiles(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvOpenX, 1, 9, "/srv/data/", oDirectory, 0, 0, 0)
	for _, c := range []struct {
		what string
		num  uint16
		args []any
		want string
	}{
		{"absolute", syscall.EvOpenX, []any{3, "/etc//passwd", 1, 0, 0, 0}, "/etc/passwd"},
		{"in the working directory", syscall.EvOpenX, []any{3, "../a", 1, 0, 0, 0}, "/a"},
		{"creat", syscall.EvCreatX, []any{3, "b", 0, 0, 0, 0}, "/root/b"},
		{"openat, working directory", syscall.EvOpenatX, []any{3, atFDCWD, "b", 1, 0, 0, 0}, "/root/b"},
		{"openat, directory", syscall.EvOpenatX, []any{3, 9, "../b", 1, 0, 0, 0}, "/srv/b"},
		{"openat2, unknown directory", syscall.EvOpenat2X, []any{3, 77, "b", 1, 0, 0, 0, 0}, "<UNKNOWN>b"},
	} {
		e := w.do(c.num, 1, c.args...)
		if e.FD == nil || e.FD.Name != c.want || e.FD.Num != 3 {
			t.Errorf("%s: %+v, want %s", c.what, e.FD, c.want)
		}
	}
}

func TestFailedOpenTellsWhatWasAskedFor(t *testing.T) {
	w := newWorld(t)
	e := w.do(syscall.EvOpenX, 1, -2, "nothing", 1, 0, 0, 0)
	if e.FD == nil || e.FD.State&process.FDAsked == 0 || e.FD.Name != "/root/nothing" {
		t.Errorf("%+v", e.FD)
	}
	if w.fd(1, -2) != nil || w.state.Threads.Get(1).FDs.Len() != 0 {
		t.Error("the failed open left a descriptor")
	}
}

func TestEnterEventIsTrusted(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvOpenE, 1, "/etc/shadow", 1, 0)
	e := w.do(syscall.EvOpenX, 1, 3, "/tmp/harmless", 1|1<<14, 0, 0, 0)
	if e.FD.Name != "/etc/shadow" || e.FD.Flags != 1|1<<14 {
		t.Errorf("%s, flags %#x: another thread's change of the name went through", e.FD.Name, e.FD.Flags)
	}
	e = w.do(syscall.EvOpenX, 1, 4, "/tmp/next", 1, 0, 0, 0)
	if e.FD.Name != "/tmp/next" {
		t.Error("an old enter event was used for the next call")
	}
}

func TestDescriptorsOfOneProcess(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvOpenX, 1, 3, "/a", 1, 0, 0, 0)
	w.do(syscall.EvDup2X, 1, 5, 3, 5)
	e := w.do(syscall.EvCloseX, 1, 0, 3)
	if e.FD == nil || e.FD.Name != "/a" {
		t.Error("the close event does not see what it closed")
	}
	if w.fd(1, 3) == nil {
		t.Error("the close event counts what it closed as closed already")
	}
	e = w.do(syscall.EvReadX, 1, 5, []byte("hello"), 5, 5)
	if e.FD != w.fd(1, 5) {
		t.Error("the read event's descriptor is not the one it read from")
	}
	if w.fd(1, 3) != nil || w.fd(1, 5) == nil || w.fd(1, 5).Name != "/a" {
		t.Error("closing one of two closed the other, or none")
	}
	w.do(syscall.EvCloseRangeX, 1, 0, 3, 100, 0)
	if w.fd(1, 5) != nil {
		t.Error("close_range left a descriptor")
	}
}

func TestForkAndExec(t *testing.T) {
	w := newWorld(t)
	w.do(syscall.EvOpenX, 1, 3, "/a", 1, 0, 0, 0)
	child := w.do(syscall.EvCloneX, 10, 0, "bash", nil, 10, 10, 1, "", 1024, 0, 0, 0, 0, 0, "bash", nil, 0, 1000, 100, 10, 10, 0).Thread
	if child.TID != 10 || child.Parent() == nil || child.Parent().TID != 1 || child.UID != 1000 || child.Cwd() != "/root/" {
		t.Fatalf("the child is %+v", child)
	}
	if w.fd(10, 3) == nil {
		t.Error("the child did not inherit a descriptor")
	}
	exec := []any{0, "ls", inject.List("-l", "/"), 10, 10, 1, "", 1024, 0, 0, 0, 0, 0, "ls", nil, inject.List("A=1"), 5, 10, 1000,
		1, 0, 0, 0, 42, 0, 0, 1000, "/usr/bin/ls", 10, 100, "ls"}
	th := w.do(syscall.EvExecveX, 10, exec...).Thread
	if th != child || th.Comm != "ls" || th.ExePath != "/usr/bin/ls" || len(th.Args) != 2 || th.TTY != 5 || !th.ExeWritable || th.ExeIno != 42 {
		t.Errorf("after exec: %+v", th)
	}
	w.do(syscall.EvProcexitE, 10, 0, 0, 0, 0, 0)
	if w.state.Threads.Get(10) == nil {
		t.Error("the exit event's own thread is gone already")
	}
	w.do(syscall.EvGetcwdX, 1, 0, "/root")
	if w.state.Threads.Get(10) != nil {
		t.Error("the exited process is still there")
	}
}

func TestUnknownThreadIsMade(t *testing.T) {
	w := newWorld(t)
	e := w.do(syscall.EvOpenX, 99, 3, "/a", 1, 0, 0, 0)
	if e.Thread == nil || e.Thread.Valid() || w.fd(99, 3) == nil {
		t.Errorf("%+v", e.Thread)
	}
	e = w.do(syscall.EvProcexitE, 98, 0, 0, 0, 0, 0)
	if e.Thread != nil || w.state.Threads.Get(98) != nil {
		t.Error("an exit made a thread")
	}
}

func TestContainerEventTellsItsThreads(t *testing.T) {
	w := newWorld(t)
	th := w.state.Threads.Get(1)
	id := strings.Repeat("ab", 32)
	th.SetCgroups("memory=/docker/" + id)
	json := `{"container":{"id":"abababababab","type":0,"name":"web","image":"nginx:1","privileged":true,` +
		`"Mounts":[{"Source":"/","Destination":"/host","RW":true}],"labels":{"b":"2","a":"1"}}}`
	e := w.do(syscall.EvContainerE, 1, json)
	if e.Thread != nil || e.Container == nil || e.Container.Name != "web" || !e.Container.Privileged {
		t.Fatalf("the event's container is %+v", e.Container)
	}
	if c := th.Container; c != e.Container || c.FullID != id || c.Type != "docker" || len(c.Mounts) != 1 || c.Labels[0].Key != "a" {
		t.Errorf("the thread's container is %+v", c)
	}
	if e := w.do(syscall.EvContainerE, 1, "{"); e.Container != nil {
		t.Error("a record that cannot be read has a container")
	}
}

func TestAccountEvents(t *testing.T) {
	w := newWorld(t)
	w.state.Users = &user.Table{}
	w.do(syscall.EvUseraddedE, 1, 1000, 100, "ann", "/home/ann", "/bin/sh", "")
	w.do(syscall.EvGroupaddedE, 1, 100, "users", "")
	if u, ok := w.state.Users.User("", 1000); !ok || u.Name != "ann" || u.Home != "/home/ann" {
		t.Errorf("%+v", u)
	}
	w.do(syscall.EvUserdeletedE, 1, 1000, 100, "ann", "", "", "")
	if _, ok := w.state.Users.User("", 1000); ok {
		t.Error("a deleted account is known")
	}
	if g, ok := w.state.Users.Group("", 100); !ok || g.Name != "users" {
		t.Errorf("%+v", g)
	}
}

func TestSockets(t *testing.T) {
	client, server := netip.MustParseAddrPort("10.0.0.1:4000"), netip.MustParseAddrPort("10.0.0.2:443")
	mapped := netip.MustParseAddrPort("[::ffff:10.0.0.2]:443")
	const inet, inet6, stream, dgram = 2, 10, 1, 2
	for _, c := range []struct {
		what  string
		steps func(*world) *syscall.Event
		name  string
		kind  process.FDType
		role  process.FDState
		proto process.L4Proto
	}{
		{"socket", func(w *world) *syscall.Event {
			return w.do(syscall.EvSocketX, 1, 3, inet, stream, 0, 0)
		}, "", process.FDIPv4Sock, 0, process.L4TCP},
		{"connect", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, stream, 0, 0)
			return w.do(syscall.EvConnectX, 1, 0, inject.Tuple(client, server), 3, inject.Addr(server))
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDClient, process.L4TCP},
		{"connect to a mapped address", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet6, stream, 0, 0)
			from := netip.MustParseAddrPort("[::ffff:10.0.0.1]:4000")
			return w.do(syscall.EvConnectX, 1, 0, inject.Tuple(from, mapped), 3, inject.Addr(mapped))
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDClient, process.L4TCP},
		{"failed connect", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, stream, 0, 0)
			return w.do(syscall.EvConnectX, 1, -111, inject.Tuple(client, server), 3, inject.Addr(server))
		}, "", process.FDIPv4Sock, 0, process.L4TCP},
		{"bind", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, stream, 0, 0)
			return w.do(syscall.EvBindX, 1, 0, inject.Addr(server), 3)
		}, "10.0.0.2:443", process.FDIPv4Serv, process.FDServer, process.L4TCP},
		{"accept", func(w *world) *syscall.Event {
			return w.do(syscall.EvAccept4X, 1, 4, inject.Tuple(client, server), 0, 0, 0, 0)
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDServer, process.L4TCP},
		{"datagram sent", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, dgram, 0, 0)
			return w.do(syscall.EvSendtoX, 1, 5, []byte("hello"), 3, 5, inject.Tuple(client, server))
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDClient, process.L4UDP},
		{"datagram received", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, dgram, 0, 0)
			return w.do(syscall.EvRecvfromX, 1, 5, []byte("hello"), inject.Tuple(client, server), 3, 5)
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDServer, process.L4UDP},
		{"answer to a datagram sent", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, inet, dgram, 0, 0)
			w.do(syscall.EvSendtoX, 1, 5, []byte("hello"), 3, 5, inject.Tuple(client, server))
			return w.do(syscall.EvRecvfromX, 1, 5, []byte("hello"), inject.Tuple(server, client), 3, 5)
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDClient, process.L4UDP},
		{"sent through an unknown socket", func(w *world) *syscall.Event {
			return w.do(syscall.EvSendtoX, 1, 5, []byte("hello"), 3, 5, inject.Tuple(client, server))
		}, "10.0.0.1:4000->10.0.0.2:443", process.FDIPv4Sock, process.FDClient, process.L4UDP},
		{"unix", func(w *world) *syscall.Event {
			w.do(syscall.EvSocketX, 1, 3, 1, stream, 0, 0)
			return w.do(syscall.EvConnectX, 1, 0, inject.UnixTuple(0xa, 0xb, "/run/x.sock"), 3, inject.UnixAddr("/run/x.sock"))
		}, "a->b /run/x.sock", process.FDUnixSock, process.FDClient, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			fd := c.steps(newWorld(t)).FD
			if fd == nil {
				t.Fatal("the event has no descriptor")
			}
			role := fd.State & (process.FDClient | process.FDServer)
			if fd.Name != c.name || fd.Type != c.kind || role != c.role || fd.L4 != c.proto {
				t.Errorf("%q type %d role %d protocol %d, want %q %d %d %d",
					fd.Name, fd.Type, role, fd.L4, c.name, c.kind, c.role, c.proto)
			}
		})
	}
}

func TestConnectTrustsWhatWasAskedFor(t *testing.T) {
	w := newWorld(t)
	client := netip.MustParseAddrPort("10.0.0.1:4000")
	asked, shown := netip.MustParseAddrPort("10.6.6.6:666"), netip.MustParseAddrPort("10.0.0.2:443")
	w.do(syscall.EvSocketX, 1, 3, 2, 2, 0, 0)
	w.do(syscall.EvConnectE, 1, 3, inject.Addr(asked))
	e := w.do(syscall.EvConnectX, 1, 0, inject.Tuple(client, shown), 3, inject.Addr(shown))
	if e.FD.Name != "10.0.0.1:4000->10.6.6.6:666" {
		t.Errorf("%s: a change of the address during the call went through", e.FD.Name)
	}
}

func TestCommonEventsDoNotAllocate(t *testing.T) {
	w := newWorld(t)
	client, server := netip.MustParseAddrPort("10.0.0.1:4000"), netip.MustParseAddrPort("10.0.0.2:443")
	records := [][]byte{
		w.record(syscall.EvOpenatX, 1, 3, atFDCWD, "etc/ld.so.cache", 1, 0, 0, 0),
		w.record(syscall.EvReadX, 1, 5, []byte("hello"), 3, 5),
		w.record(syscall.EvDupX, 1, 4, 3),
		w.record(syscall.EvCloseX, 1, 0, 3),
		w.record(syscall.EvCloseX, 1, 0, 4),
		w.record(syscall.EvOpenX, 1, -2, "missing", 1, 0, 0, 0),
		w.record(syscall.EvSocketX, 1, 5, 2, 1, 0, 0),
		w.record(syscall.EvConnectX, 1, 0, inject.Tuple(client, server), 5, inject.Addr(server)),
		w.record(syscall.EvWriteX, 1, 5, []byte("hello"), 5, 5),
		w.record(syscall.EvCloseX, 1, 0, 5),
		w.record(syscall.EvChdirX, 1, 0, "."),
	}
	if n := testing.AllocsPerRun(100, func() {
		for _, rec := range records {
			w.feed(rec)
		}
	}); n != 0 {
		t.Errorf("%d events make %v allocations", len(records), n)
	}
}

func BenchmarkApplyOpenReadClose(b *testing.B) {
	w := newWorld(b)
	records := [][]byte{
		w.record(syscall.EvOpenatX, 1, 3, atFDCWD, "/etc/ld.so.cache", 1, 0, 0, 0),
		w.record(syscall.EvReadX, 1, 5, []byte("hello"), 3, 5),
		w.record(syscall.EvCloseX, 1, 0, 3),
	}
	for b.Loop() {
		for _, rec := range records {
			w.feed(rec)
		}
	}
}

// FuzzApply sends records to the state, whatever is in them.
func FuzzApply(f *testing.F) {
	w := newWorld(f)
	client, server := netip.MustParseAddrPort("10.0.0.1:4000"), netip.MustParseAddrPort("[::1]:443")
	join := func(records ...[]byte) (b []byte) {
		for _, rec := range records {
			b = append(b, rec...)
		}
		return b
	}
	f.Add(join(w.record(syscall.EvOpenE, 1, "a", 1, 0), w.record(syscall.EvOpenX, 1, 3, "b", 1, 0, 0, 0), w.record(syscall.EvCloseX, 1, 0, 3)))
	f.Add(join(w.record(syscall.EvSocketX, 1, 3, 2, 1, 0, 0), w.record(syscall.EvConnectX, 1, 0, inject.Tuple(client, server), 3, inject.Addr(server))))
	f.Add(join(w.record(syscall.EvCloneX, 1, 2, "x", nil, 1, 1, 0), w.record(syscall.EvExecveX, 2, 0, "y", nil, 2, 2, 1), w.record(syscall.EvProcexitE, 2, 0, 0, 0, 0, 1)))
	f.Add(join(w.record(syscall.EvPipeX, 1, 0, 3, 4, 5), w.record(syscall.EvDup3X, 1, 5, 3, 5, 0), w.record(syscall.EvPidfdGetfdX, 1, 7, 3, 3, 0)))
	f.Fuzz(func(t *testing.T, stream []byte) {
		w := newWorld(t)
		for len(stream) >= 20 {
			size := min(int(binary.LittleEndian.Uint32(stream[16:])), len(stream))
			if size == 0 {
				return
			}
			if w.event.Decode(stream[:size], syscall.FormCounted) == nil {
				w.state.Apply(&w.event)
			}
			stream = stream[size:]
		}
	})
}
