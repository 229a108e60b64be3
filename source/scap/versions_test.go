package scap

import (
	"bytes"
	"errors"
	"testing"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// raw writes a capture of blocks that fill makes.
func raw(t *testing.T, fill func(*Writer)) *Reader {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	fill(w)
	r, err := NewReader(&out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// oldThread writes an entry as writers of a version did.
func oldThread(w *Writer, version int) {
	for _, n := range []int64{7, 7, 1} { // thread, process, parent
		w.i64(n)
	}
	if version >= 6 {
		w.i64(70)
	}
	if version >= 8 {
		w.i64(71)
	}
	w.text("comm")
	w.text("exe")
	if version >= 7 {
		w.text("/bin/exe")
	}
	w.list([]string{"a", "b"})
	w.text("/srv")
	w.i64(1024)
	w.u32(0)
	w.u32(1000)
	w.u32(100)
	if version >= 2 {
		w.u32(1)
		w.u32(2)
		w.u32(3)
		w.u64(4)
		w.u64(5)
	}
	if version >= 3 {
		w.list([]string{"E=1"})
	}
	if version >= 4 {
		w.i64(8)
		w.i64(9)
		w.list([]string{"cpu=/x"})
	}
	if version >= 5 {
		w.text("/root")
	}
}

// processBlocks are the block types by version; old ones have two.
var processBlocks = map[int][]uint32{
	1: {0x202, 0x8000abcd}, 2: {0x207, 0x8013abcd}, 3: {0x209, 0x8014abcd},
	4: {0x210}, 5: {0x211}, 6: {0x212}, 7: {0x213}, 8: {0x214},
}

func TestProcessListsOfAllVersions(t *testing.T) {
	for version, types := range processBlocks {
		for _, typ := range types {
			r := raw(t, func(w *Writer) {
				w.begin(typ)
				oldThread(w, version)
				if err := w.end(); err != nil {
					t.Fatal(err)
				}
			})
			th := r.Host().Threads.Get(7)
			if th == nil || th.Comm != "comm" || len(th.Args) != 2 || th.Cwd() != "/srv/" || th.UID != 1000 || th.FDLimit != 1024 {
				t.Fatalf("version %d: %+v", version, th)
			}
			for _, c := range []struct {
				since     int
				what      string
				got, want any
				absent    any
			}{
				{2, "memory", th.VMSwapKB, uint32(3), uint32(0)},
				{3, "environment", len(th.Env), 1, 0},
				{4, "inner id", th.VTID, int64(8), int64(-1)},
				{5, "root", th.Root(), "/root", ""},
				{6, "session", th.SID, int64(70), int64(-1)},
				{7, "path", th.ExePath, "/bin/exe", ""},
				{8, "group", th.VPGID, int64(71), int64(-1)},
			} {
				want := c.want
				if version < c.since {
					want = c.absent
				}
				if c.got != want {
					t.Errorf("version %d: %s is %v, want %v", version, c.what, c.got, want)
				}
			}
		}
	}
}

func TestProcessEntriesThatEndEarlier(t *testing.T) {
	entry := func(rest func(*Writer)) *process.Thread {
		return raw(t, func(w *Writer) {
			w.begin(writeProcesses)
			w.entry(func() {
				oldThread(w, 9)
				rest(w)
			})
			if err := w.end(); err != nil {
				t.Fatal(err)
			}
		}).Host().Threads.Get(7)
	}
	if th := entry(func(*Writer) {}); th.LoginUID != process.NoLoginUID || th.PGID != -1 {
		t.Errorf("nothing appended: %+v", th)
	}
	th := entry(func(w *Writer) { // before two fields were inserted
		w.u32(1001)
		w.flag(true)
		w.u64(1)
		w.u64(2)
		w.u64(3)
	})
	if th.LoginUID != 1001 || !th.ExeWritable || th.CapEffective != 3 || th.TTY != 0 {
		t.Errorf("without the inserted fields: %+v", th)
	}
	th = entry(func(w *Writer) {
		w.u64(55)
		w.u32(66)
		w.u32(1001)
		w.flag(false)
		w.u64(1)
		w.u64(2)
		w.u64(3)
		w.flag(true)
	})
	if th.PidnsInitStartTime != 55 || th.TTY != 66 || !th.ExeUpperLayer || th.ExeIno != 0 {
		t.Errorf("with them: %+v", th)
	}
}

func TestDescriptorListsOfBothVersions(t *testing.T) {
	for _, typ := range []uint32{0x203, 0x218} {
		r := raw(t, func(w *Writer) {
			w.begin(writeProcesses)
			w.entry(func() { oldThread(w, 9) })
			err := w.end()
			w.begin(typ)
			w.i64(7)
			for n := range int64(2) {
				one := func() { w.fd(&process.FD{Num: n, Ino: 9, Type: process.FDFifo, Name: "p"}) }
				if typ == 0x203 {
					one()
				} else {
					w.entry(one)
				}
			}
			if err := errors.Join(err, w.end()); err != nil {
				t.Fatal(err)
			}
		})
		fds := r.Host().Threads.Get(7).FDs
		if fds.Len() != 2 || fds.Get(1).Name != "p" || fds.Get(1).Ino != 9 {
			t.Errorf("%#x: %d descriptors", typ, fds.Len())
		}
	}
}

func TestAddressesOfTheMachine(t *testing.T) {
	for _, typ := range []uint32{0x205, 0x219} {
		r := raw(t, func(w *Writer) {
			w.begin(typ)
			for _, addr := range []string{"\x7f\x00\x00\x01", "\x0a\x00\x00\x05", "\xc0\x00\x02\x01"} {
				start := len(w.buf)
				if typ == 0x219 {
					w.u32(0)
				}
				w.u16(ifaceIPv4)
				w.u16(uint16(len("eth0")))
				w.buf = append(w.buf, addr+"\xff\xff\xff\x00"+"\x00\x00\x00\x00"...)
				w.u64(1000)
				w.buf = append(w.buf, "eth0"...)
				if typ == 0x219 {
					w.buf[start] = byte(len(w.buf) - start - 4) // it does not count itself
				}
			}
			if err := w.end(); err != nil {
				t.Fatal(err)
			}
		})
		for _, c := range []struct{ to, want, what string }{
			{"\x0a\x00\x00\x05", "\x0a\x00\x00\x05", "itself"},
			{"\xc0\x00\x02\x63", "\xc0\x00\x02\x01", "the same network"},
			{"\x08\x08\x08\x08", "\x0a\x00\x00\x05", "the first that is not for the machine alone"},
		} {
			if got := r.near(c.to); got != c.want {
				t.Errorf("%#x, %s: % x", typ, c.what, got)
			}
		}
		if !r.Host().Local("\x0a\x00\x00\x05") || r.Host().Local("\x08\x08\x08\x08") {
			t.Errorf("%#x: what is local is wrong", typ)
		}
	}
}

func TestOlderEventHeaders(t *testing.T) {
	counted := record(t, syscall.EvReadX, 7, 5, []byte("hello"), 3, 5)
	bare := append(bytes.Clone(counted[:22]), counted[26:]...) // without the count
	bare[16] -= 4
	for _, c := range []struct {
		typ   uint32
		flags bool
		rec   []byte
	}{{0x204, false, bare}, {0x208, true, bare}, {0x8010abcd, false, bare}, {0x216, false, counted}, {0x217, true, counted}, {0x222, true, counted}} {
		r := raw(t, func(w *Writer) {
			w.begin(c.typ)
			w.u16(1)
			if c.flags {
				w.u32(0)
			}
			w.buf = append(w.buf, c.rec...)
			if err := w.end(); err != nil {
				t.Fatal(err)
			}
		})
		e, err := r.Next()
		if err != nil || e.NumParams() != 4 || e.Int(0) != 5 || e.CPU != 1 {
			t.Errorf("%#x: %v", c.typ, err)
		}
	}
}
