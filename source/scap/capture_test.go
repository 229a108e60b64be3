package scap

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/internal/inject"
	"github.com/lannersec/lanner/source/syscall"
)

// machine is what the test captures are made on.
var machine = Machine{CPUs: 2, Memory: 1 << 30, MaxPID: 4096, Hostname: "test", BootTime: 1e18}

// sampleTable is a table with a process that has all kinds of descriptors.
func sampleTable() *process.Table {
	table := process.NewTable(process.Options{})
	th := process.NewThread(1)
	th.PID, th.PTID, th.VTID, th.VPID, th.SID, th.VPGID, th.PGID = 1, 0, 1, 1, 1, 1, 1
	th.Comm, th.Exe = "init", "/sbin/init"
	th.SetExePath("/sbin/init (deleted)")
	th.SetArgs("--system\x00-x\x00")
	th.SetEnv("SECRET=1\x00")
	th.SetCwd("/srv")
	th.SetRoot("/")
	th.SetCgroups("memory=/a\x00cpu=/b\x00")
	th.TTY, th.LoginUID, th.ExeIno, th.CapEffective, th.ExeWritable = 5, 1000, 42, 7, true
	th.FDs = &process.FDTable{}
	file := th.FDs.Open(3)
	file.Type, file.Ino, file.Flags, file.Dev = process.FDFileV2, 99, 1, 7
	file.SetName("/etc/passwd")
	server := th.FDs.Open(4)
	server.Type, server.L4, server.State = process.FDIPv4Serv, process.L4TCP, process.FDServer
	server.SetDest("\x00\x00\x00\x00", 80)
	accepted := th.FDs.Open(5)
	accepted.Type, accepted.L4, accepted.State = process.FDIPv4Sock, process.L4TCP, process.FDServer
	accepted.SetSource("\x0a\x00\x00\x02", 4000)
	accepted.SetDest("\x0a\x00\x00\x01", 80)
	local := th.FDs.Open(6)
	local.Type, local.UnixSrc, local.UnixDst = process.FDUnixSock, 1, 2
	local.SetName("/run/x")
	six := th.FDs.Open(7)
	six.Type, six.L4 = process.FDIPv6Sock, process.L4UDP
	six.SetSource(strings.Repeat("\x01", 16), 1)
	six.SetDest(strings.Repeat("\x02", 16), 2)
	th.FDs.Open(8).Type = process.FDFifo
	table.Add(th)
	return table
}

// record encodes an event from plain values.
func record(t testing.TB, num uint16, tid int64, values ...any) []byte {
	t.Helper()
	rec, err := inject.Encode(2e18, tid, num, values...)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// capture writes a capture with the sample table and the events.
func capture(t testing.TB, environment bool, records ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w.Environment = environment
	err = errors.Join(w.Machine(machine),
		w.Users([]user.User{{UID: 1000, GID: 100, Name: "ann", Home: "/home/ann", Shell: "/bin/sh"}}, []user.Group{{GID: 100, Name: "users"}}),
		w.Threads(sampleTable()))
	if err != nil {
		t.Fatal(err)
	}
	var e syscall.Event
	for _, rec := range records {
		if err := e.Decode(rec, syscall.FormCounted); err != nil {
			t.Fatal(err)
		}
		e.CPU = 3
		if err := w.Event(&e); err != nil {
			t.Fatal(err)
		}
	}
	if w.Written() != int64(out.Len()) {
		t.Errorf("%d bytes are counted, %d written", w.Written(), out.Len())
	}
	return out.Bytes()
}

// readAll reads a capture and gives each event to f.
func readAll(data []byte, f func(*syscall.Event)) (*Reader, error) {
	r, err := NewReader(bytes.NewReader(data), Options{})
	if err != nil {
		return nil, err
	}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
		f(e)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	data := capture(t, true, record(t, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5))
	n := 0
	r, err := readAll(data, func(e *syscall.Event) {
		n++
		if e.Name() != "read" || e.CPU != 3 || e.Head.Time != 2e18 || e.Head.Num != 1 || e.FD == nil || e.FD.Name != "/etc/passwd" {
			t.Errorf("event %s on cpu %d of %+v", e.Name(), e.CPU, e.FD)
		}
	})
	if err != nil || n != 1 || r.Machine() != machine || r.Host().Name != "test" {
		t.Fatalf("%d events, %v, machine %+v", n, err, r.Machine())
	}
	th, want := r.Host().Threads.Get(1), sampleTable().Get(1)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"comm", th.Comm, want.Comm}, {"exe", th.Exe, want.Exe}, {"exepath", th.ExePath, want.ExePath},
		{"deleted", th.ExeDeleted, want.ExeDeleted}, {"cwd", th.Cwd(), want.Cwd()}, {"root", th.Root(), want.Root()},
		{"session", th.SID, want.SID}, {"group", th.PGID, want.PGID}, {"tty", th.TTY, want.TTY},
		{"login", th.LoginUID, want.LoginUID}, {"inode", th.ExeIno, want.ExeIno},
		{"capabilities", th.CapEffective, want.CapEffective}, {"writable", th.ExeWritable, want.ExeWritable},
		{"descriptors", th.FDs.Len(), want.FDs.Len()},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v, was %v", c.what, c.got, c.want)
		}
	}
	if !slices.Equal(th.Args, want.Args) || !slices.Equal(th.Env, want.Env) || !slices.Equal(th.Cgroups, want.Cgroups) {
		t.Errorf("lists are %q %q %q", th.Args, th.Env, th.Cgroups)
	}
	if fd := th.FDs.Get(5); fd.Name != "10.0.0.2:4000->10.0.0.1:80" || fd.State&process.FDServer == 0 {
		t.Errorf("the accepted connection is %+v", fd)
	}
	if u, ok := r.Host().Users.User("", 1000); !ok || u.Name != "ann" {
		t.Errorf("user 1000 is %+v", u)
	}
}

func TestEnvironmentsAreLeftOut(t *testing.T) {
	exec := record(t, syscall.EvExecveX, 1, 0, "ls", nil, 1, 1, 0, "", 0, 0, 0, 0, 0, 0, "ls", nil, []byte("TOKEN=2\x00"))
	data := capture(t, false, exec)
	if bytes.Contains(data, []byte("SECRET")) || bytes.Contains(data, []byte("TOKEN")) {
		t.Error("an environment was written")
	}
	if data := capture(t, true, exec); !bytes.Contains(data, []byte("SECRET")) || !bytes.Contains(data, []byte("TOKEN")) {
		t.Error("an environment that was asked for is missing")
	}
}

func TestBlockLargerThanTheBuffer(t *testing.T) {
	big := inject.Record{Time: 2e18, TID: 1, Type: syscall.EvAsynceventE, Params: [][]byte{
		make([]byte, 4), inject.Text("note"), bytes.Repeat([]byte("x"), 3<<20),
	}}
	close := record(t, syscall.EvCloseX, 1, 0, 3)
	var got []int
	_, err := readAll(capture(t, true, big.Append(nil), close, big.Append(nil)), func(e *syscall.Event) {
		got = append(got, len(e.Param(2)))
	})
	if err != nil || !slices.Equal(got, []int{3 << 20, 0, 3 << 20}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCompressedCapture(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(capture(t, true)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(packed.Bytes(), func(*syscall.Event) {}); err != nil {
		t.Error(err)
	}
}

func TestOldFormsBecomeTodaysEvents(t *testing.T) {
	type call struct{ enter, exit []byte }
	for _, c := range []struct {
		what string
		call call
		want string
	}{
		{"read", call{record(t, syscall.EvRead6E, 1, 3, 9), record(t, syscall.EvReadX, 1, 5, []byte("hello"))},
			"res=5 data=hello fd=3(<f>/etc/passwd) size=9"},
		{"mkdir of an older number", call{record(t, syscall.EvMkdir98E, 1, "/tmp/x", 0), record(t, syscall.EvMkdir99X, 1, 0)},
			"res=0 path=/tmp/x mode=0"},
		{"close without its enter event", call{nil, record(t, syscall.EvCloseX, 1, 0)}, "res=0 fd=0"},
		{"ioctl of an older number without its enter event", call{nil, record(t, syscall.EvIoctl91X, 1, 0)},
			"res=0 fd=<NA> request=<NA> argument=<NA>"},
	} {
		records := [][]byte{c.call.exit}
		if c.call.enter != nil {
			records = [][]byte{c.call.enter, c.call.exit}
		}
		var got []string
		if _, err := readAll(capture(t, true, records...), func(e *syscall.Event) {
			got = append(got, string(e.AppendArgs(nil)))
		}); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestPartsAreNoEventsOfTheirOwn(t *testing.T) {
	data := capture(t, true,
		record(t, syscall.EvContainerE, 1, `{"container":{"id":"abababababab"}}`),
		record(t, syscall.EvOpenE, 1, "/a", 1, 0), record(t, syscall.EvOpenX, 1, 9, "/a", 1, 0, 0, 0),
		record(t, syscall.EvContainerE, 1, `{"container":{"id":"cdcdcdcdcdcd"}}`))
	for _, c := range []struct {
		parts bool
		want  []uint64 // numbers of the events
	}{{false, []uint64{3, 4}}, {true, []uint64{1, 2, 3, 4}}} {
		r, err := NewReader(bytes.NewReader(data), Options{Parts: c.parts})
		if err != nil {
			t.Fatal(err)
		}
		var got []uint64
		for e, err := r.Next(); err == nil; e, err = r.Next() {
			got = append(got, e.Head.Num)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("parts %v: events %v, want %v", c.parts, got, c.want)
		}
	}
}

func TestEnterEventsOfOtherThreadsAreNotMixed(t *testing.T) {
	var got []string
	_, err := readAll(capture(t, true,
		record(t, syscall.EvRead6E, 1, 3, 9), record(t, syscall.EvRead6E, 2, 7, 1),
		record(t, syscall.EvReadX, 1, 0, []byte{}), record(t, syscall.EvReadX, 1, 0, []byte{}),
	), func(e *syscall.Event) { got = append(got, string(e.AppendArgs(nil))) })
	if err != nil || len(got) != 2 || !strings.Contains(got[0], "fd=3") || strings.Contains(got[1], "fd=3") {
		t.Errorf("%v, %q", err, got)
	}
}

func TestInventory(t *testing.T) {
	data := capture(t, true, record(t, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5), record(t, syscall.EvReadX, 2, 5, []byte("x")))
	inv, err := TakeInventory(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if inv.Total() != 2 || inv.Events[EventForm{syscall.EvReadX, 4}] != 1 || inv.Events[EventForm{syscall.EvReadX, 2}] != 1 ||
		inv.Threads != 2 || inv.Blocks["event_v2"] != 2 || inv.Blocks["proc_list_v9"] != 1 || inv.Size != int64(len(data)) ||
		inv.Machine != machine || inv.First != 2e18 || inv.Major != 1 {
		t.Errorf("%+v", inv)
	}
	if inv, err := TakeInventory(bytes.NewReader(data[:len(data)-4])); !errors.Is(err, ErrFormat) || inv.Total() != 1 {
		t.Errorf("cut: %v, %+v", err, inv)
	}
}

func TestDamagedCaptures(t *testing.T) {
	whole := capture(t, true, record(t, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5), record(t, syscall.EvCloseX, 1, 0, 3))
	for _, c := range []struct {
		what   string
		data   []byte
		events int
	}{
		{"empty", nil, 0},
		{"not a capture", []byte("hello, this is text, not a capture"), 0},
		{"cut in the last block", whole[:len(whole)-5], 1},
		{"a length that does not fit", append(slices.Clone(whole), 4, 2, 0, 0, 0xff, 0xff, 0xff, 0x03, 0, 0, 0, 0), 2},
	} {
		n := 0
		_, err := readAll(c.data, func(*syscall.Event) { n++ })
		if !errors.Is(err, ErrFormat) || n != c.events {
			t.Errorf("%s: %d events, %v", c.what, n, err)
		}
	}
}

func TestEventsThatDoNotFitAreCounted(t *testing.T) {
	bad := record(t, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5)
	data := capture(t, true, bad, bad)
	// The last event's count of parameters is beyond what the record can hold.
	at := bytes.LastIndex(data, bad[:22])
	copy(data[at+22:], []byte{0xff, 0xff, 0, 0})
	n := 0
	r, err := readAll(data, func(*syscall.Event) { n++ })
	if err != nil || n != 1 || r.Stats().Damaged != 1 {
		t.Errorf("%d events, %v, %+v", n, err, r.Stats())
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	rec := record(t, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5)
	records := slices.Repeat([][]byte{rec}, 5000)
	r, err := NewReader(bytes.NewReader(capture(t, true, records...)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(4000, func() {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("an event makes %v allocations", n)
	}
}

func BenchmarkRead(b *testing.B) {
	rec := record(b, syscall.EvReadX, 1, 5, []byte("hello"), 3, 5)
	data := capture(b, true, slices.Repeat([][]byte{rec}, 10000)...)
	for b.Loop() {
		if _, err := readAll(data, func(*syscall.Event) {}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/event")
}

func FuzzReader(f *testing.F) {
	f.Add(capture(f, true))
	f.Add(capture(f, true, record(f, syscall.EvOpenX, 1, 9, "a", 1, 0, 0, 0), record(f, syscall.EvCloseX, 1, 0, 9)))
	f.Add(capture(f, false, record(f, syscall.EvRead6E, 1, 3, 9), record(f, syscall.EvReadX, 1, 5, []byte("hello"))))
	f.Add([]byte{0x1f, 0x8b})
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = readAll(data, func(e *syscall.Event) { e.AppendArgs(nil) }) // only panics matter
	})
}
