package syscall

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/process"
)

// liveSeed reads a record that a kernel wrote; bpf's TestSeeds makes the files.
func liveSeed(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "fuzz", "FuzzLiveDecode", name))
	if err != nil {
		t.Fatal(err)
	}
	_, quoted, _ := strings.Cut(string(text), "[]byte(")
	sample, err := strconv.Unquote(strings.TrimSuffix(strings.TrimSpace(quoted), ")"))
	if err != nil {
		t.Fatal(err)
	}
	b := []byte(sample)
	if row, ok := abi.Find(name); ok {
		binary.LittleEndian.PutUint16(b[4:], uint16(row)) // rows may move
	}
	return b
}

func newLive() *LiveDecoder {
	threads := process.NewTable(process.Options{})
	return NewLiveDecoder(threads, &Host{Threads: threads}, 1_700_000_000_000_000_000)
}

func FuzzLiveDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, sample []byte) {
		d, e := newLive(), &Event{}
		for range 2 { // the second time the thread is known
			if err := d.Decode(sample, e); err != nil {
				if !errors.Is(err, ErrRecord) {
					t.Fatalf("%v is no ErrRecord", err)
				}
				return
			}
			if e.Info == nil || e.Thread == nil || e.Head.Payload != e {
				t.Fatal("an event without its type, thread or payload")
			}
			for i := range e.NumParams() {
				e.AppendArg(nil, i)
			}
		}
	})
}

// All lengths are checked before anything is read.
func TestLiveDecodeDamaged(t *testing.T) {
	whole := liveSeed(t, "openat")
	d, e := newLive(), &Event{}
	for n := range whole {
		if err := d.Decode(whole[:n], e); !errors.Is(err, ErrRecord) {
			t.Fatalf("a record cut at %d: %v", n, err)
		}
	}
	unknown := append([]byte(nil), whole...)
	binary.LittleEndian.PutUint16(unknown[4:], 0xfffe)
	if err := d.Decode(unknown, e); !errors.Is(err, ErrRecord) {
		t.Errorf("an unknown call: %v", err)
	}
	section := append([]byte(nil), whole...)
	binary.LittleEndian.PutUint16(section[abi.HeadSize+2:], 0xffff)
	if err := d.Decode(section, e); !errors.Is(err, ErrRecord) {
		t.Errorf("a section beyond the end: %v", err)
	}
}

// The parameters are those of the capture format, in order and encoding.
func TestLiveParams(t *testing.T) {
	for _, test := range []struct{ seed, param, want string }{
		{"connect", "res", "ENOENT"},
		{"connect", "tuple", "ffff"},
		{"mkdir", "path", "/tmp/lanner-seed"},
		{"mkdir", "mode", "1FF"},
		{"io_uring_setup", "entries", "4"},
		{"socket", "domain", "AF_INET"},
		{"rmdir", "res", "0"},
		{"call-512", "exe", "/bin/sh"},
		{"call-512", "trusted_exepath", "/usr/bin/dash"},
		{"call-512", "filename", "/bin/sh"},
	} {
		d, e := newLive(), &Event{}
		if err := d.Decode(liveSeed(t, test.seed), e); err != nil {
			t.Fatalf("%s: %v", test.seed, err)
		}
		i := e.ParamNamed(test.param)
		if i < 0 {
			t.Errorf("%s: no parameter %s", test.seed, test.param)
			continue
		}
		if got := string(e.AppendArg(nil, i)); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s %s = %q, want %q", test.seed, test.param, got, test.want)
		}
	}
}

// Decoding allocates nothing once a thread is known.
func TestLiveDecodeAllocs(t *testing.T) {
	for _, name := range []string{"openat", "close", "read", "connect", "accept4", "newfstatat", "mkdirat", "chdir"} {
		d, e, sample := newLive(), &Event{}, liveSeed(t, name)
		decode := func() {
			if err := d.Decode(sample, e); err != nil {
				t.Fatal(err)
			}
		}
		decode()
		if n := testing.AllocsPerRun(100, decode); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkLiveDecode(b *testing.B) {
	for _, name := range []string{"close", "openat", "connect"} {
		b.Run(name, func(b *testing.B) {
			d, e, sample := newLive(), &Event{}, liveSeed(b, name)
			b.ReportAllocs()
			for b.Loop() {
				if err := d.Decode(sample, e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Every row leads to an event of its own name, with the parameters that the
// capture format has.
func TestLiveRows(t *testing.T) {
	for _, c := range abi.Calls {
		info := Info(c.Event)
		if info == nil {
			t.Errorf("%s: no event %d", c.Name, c.Event)
			continue
		}
		if c.Code != 0 {
			if got := types.Name(GenericType(c.Code)); got != c.Name {
				t.Errorf("%s: its code is that of %s", c.Name, got)
			}
			continue
		}
		if !info.Exit() || info.Flags&OldVersion != 0 {
			t.Errorf("%s: event %d is not the current exit encoding", c.Name, c.Event)
		}
		if !isProgram(c.Event) && len(c.Params) != len(info.Params) {
			t.Errorf("%s: %d parameters, want %d", c.Name, len(c.Params), len(info.Params))
		}
	}
}
