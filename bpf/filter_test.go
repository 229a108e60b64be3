package bpf_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/lannersec/lanner/bpf"
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/predicate"
	"github.com/lannersec/lanner/engine/rules"
	"github.com/lannersec/lanner/internal/testenv"
	source "github.com/lannersec/lanner/source/syscall"
)

// filterRules ask for every kind of test that the programs have.
const filterRules = `
- rule: Tests of paths
  desc: d
  condition: >
    evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.num >= 0 and
    (fd.name = %[1]s/exact or fd.name startswith %[1]s/pre or fd.directory = %[1]s/dir or
     fd.filename in (base, b) or fd.name endswith .suffix or fd.name contains needle or
     fd.name startswith %[1]s/dir/with or fd.directory in (/))
  output: o
  priority: INFO
- rule: Writes of another place
  desc: d
  condition: evt.type in (open, openat) and evt.is_open_write = true and fd.name startswith %[1]s/w
  output: o
  priority: INFO
- rule: Failures that go up
  desc: d
  condition: evt.type in (open, openat) and evt.failed = true and fd.nameraw contains up/../
  output: o
  priority: INFO
- rule: Directories
  desc: d
  condition: evt.type in (open, openat) and fd.typechar = d and fd.name endswith /opened
  output: o
  priority: INFO
`

// names are what the test opens in its directory.
var names = []string{
	"exact", "exact2", "exac", "pre", "prefix/x", "pr", "dir/file", "dir", "dir/sub/file", "dir/with/more", "base", "sub/base", "b", "bb",
	"x.suffix", "x.suffix2", ".suffix", "a-needle-b", "needle", "needl", "w", "w/w", "other", "opened", "sub/opened", "up/../other", "up/x",
	strings.Repeat("long/", 30) + "needle", strings.Repeat("l", 250), strings.Repeat(strings.Repeat("m", 60)+"/", 5) + "x.suffix",
}

// TestFilterAgrees runs one workload under two captures, one without filters:
// the other one must have exactly the calls for which the model of the filter,
// asked about the unfiltered records, says that a rule may match.
func TestFilterAgrees(t *testing.T) {
	for _, variant := range []string{"first", "after a swap"} {
		t.Run(variant, func(t *testing.T) {
			dir := t.TempDir()
			tables := tablesOf(t, fmt.Sprintf(filterRules, dir))
			types := []string{"open", "openat", "openat2", "close"}
			all := startLive(t, bpf.Config{}, types...)
			some := startLive(t, bpf.Config{Filter: true}, types...)
			on, err := some.capture.Filtering()
			if errors.Is(err, bpf.ErrNoFilters) {
				testenv.Require(t, false, err.Error())
			}
			if !on || err != nil {
				t.Fatalf("the kernel does not take filters: %v", err)
			}
			if variant != "first" { // the other half of the tables
				setFilters(t, some, tablesOf(t, fmt.Sprintf(filterRules, "/elsewhere")))
			}
			setFilters(t, some, tables)
			arrived := make(chan []string, 1)
			go func() { arrived <- calls(some, nil) }()
			go openAll(dir)
			wanted, got := calls(all, tables), <-arrived
			if len(wanted) == 0 || !slices.Equal(wanted, got) {
				t.Errorf("%d calls arrived, the model lets %d through\nmodel:  %q\nkernel: %q", len(got), len(wanted), wanted, got)
			}
			stats, err := some.capture.Stats()
			if err != nil {
				t.Fatal(err)
			}
			filtered := uint64(0)
			for _, call := range stats.Calls {
				filtered += call.Filtered
			}
			if filtered == 0 {
				t.Error("nothing was filtered")
			}
		})
	}
}

func setFilters(t testing.TB, l *live, tables bpf.Filters) {
	t.Helper()
	if err := l.capture.SetFilters(tables); err != nil {
		t.Fatal(err)
	}
}

func tablesOf(t testing.TB, text string) bpf.Filters {
	t.Helper()
	eng := engine.New(engine.Options{Config: rules.Config{Sources: []field.Source{source.Source()}}})
	if r := eng.Load([]rules.File{{Name: "rules.yaml", Data: []byte(text)}}); !r.Loaded {
		t.Fatal(r.Diagnostics.Err())
	}
	return predicate.Tables(predicate.OfSets(source.SourceName, source.Known, eng.Set()))
}

// Descriptors that closing fails for: the begin and the end of the workload.
const beginMark, endMark = 987653, 987654

// openAll opens every name, there and not there, for reading and writing, with
// both calls.
func openAll(dir string) {
	_ = syscall.Close(beginMark)
	for _, exists := range []bool{false, true} {
		for _, name := range names {
			path := filepath.Join(dir, name)
			if exists {
				_ = os.MkdirAll(filepath.Dir(path), 0o700)
				if name == "dir" || strings.HasSuffix(name, "opened") {
					_ = os.MkdirAll(path, 0o700)
				}
			}
			for _, flags := range []int{syscall.O_RDONLY, syscall.O_WRONLY | syscall.O_CREAT, syscall.O_RDWR} {
				if flags&syscall.O_CREAT != 0 && !exists {
					continue
				}
				fd, err := syscall.Open(dir+"/"+name, flags, 0o600)
				if err == nil {
					_ = syscall.Close(fd)
				}
			}
		}
	}
	_ = syscall.Close(endMark)
}

// calls lists the opening calls of this process, up to the mark; with tables
// only those that they let through.
func calls(l *live, tables bpf.Filters) (list []string) {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		sample, err := l.capture.Read()
		if errors.Is(err, bpf.ErrIdle) {
			continue
		}
		if err != nil {
			l.t.Error(err)
			return nil
		}
		r := readRecord(sample)
		switch {
		case r.PID != uint32(os.Getpid()) || int(r.Call) >= len(abi.Calls):
		case abi.Calls[r.Call].Name == "close" && r.Args[0] == beginMark:
			list = nil
		case abi.Calls[r.Call].Name == "close" && r.Args[0] == endMark:
			return list
		case abi.Calls[r.Call].Name == "close":
		case tables == nil || passes(&r, tables):
			list = append(list, fmt.Sprintf("%s %q %#x = %d", abi.Calls[r.Call].Name, r.texts[abi.SecFetch0], r.Args[2], r.Ret))
		}
	}
	stats, _ := l.capture.Stats()
	l.t.Errorf("the end of the workload did not arrive: %d calls, %+v", len(list), stats)
	return nil
}

// passes asks the model.
func passes(r *rawRecord, tables bpf.Filters) bool {
	call := &abi.Calls[r.Call]
	table := tables[source.Info(call.Event).ID]
	if table == nil {
		return true
	}
	return table.Verdict(r.situation(call)) != 0
}

// rawRecord is a record as the test reads it.
type rawRecord struct {
	abi.Head
	texts map[abi.Section]string
}

func readRecord(sample []byte) rawRecord {
	r := rawRecord{Head: *(*abi.Head)(unsafe.Pointer(&sample[0])), texts: map[abi.Section]string{}}
	for rest := sample[abi.HeadSize:r.Size]; len(rest) >= 4; {
		kind, size := binary.LittleEndian.Uint16(rest), int(binary.LittleEndian.Uint16(rest[2:]))
		r.texts[abi.Section(kind)] = string(rest[4 : 4+size])
		rest = rest[min(4+(size+3)&^3, len(rest)):]
	}
	return r
}

// situation is what the programs find out about a call that opens a file.
func (r *rawRecord) situation(call *abi.Call) *predicate.Situation {
	s := &predicate.Situation{Features: [predicate.MaxFeatures]uint8{
		abi.FeatResult: abi.ResultMore, abi.FeatAccess: abi.FeatUnknown, abi.FeatCreates: abi.FeatUnknown, abi.FeatObject: abi.FeatUnknown,
	}}
	if r.Ret < 0 {
		s.Features[abi.FeatResult] = abi.ResultFailed
	}
	for _, p := range call.Params {
		if p.Op == abi.OpOpenFlags {
			s.Features[abi.FeatAccess] = uint8(r.Args[p.Arg] & 3)
			s.Features[abi.FeatCreates] = uint8(r.Args[p.Arg] >> 6 & 1)
		}
	}
	if file := r.texts[abi.SecFile]; file != "" {
		s.Features[abi.FeatObject] = abi.ObjectIsFile
		if mode := (*abi.File)(unsafe.Pointer(unsafe.StringData(file))).Mode; mode&syscall.S_IFMT == syscall.S_IFDIR {
			s.Features[abi.FeatObject] = abi.ObjectIsDir
		}
	}
	if path := strings.TrimSuffix(r.texts[abi.SecPath], "\x00"); path != "" {
		s.Texts[abi.TextPath] = predicate.Known{OK: true, Text: path, Base: strings.LastIndexByte(path, '/') + 1}
	}
	if raw := strings.TrimSuffix(r.texts[abi.SecFetch0], "\x00"); raw != "" && r.Flags&abi.Fault == 0 {
		s.Texts[abi.TextRaw] = predicate.Known{OK: true, Text: raw}
	}
	return s
}
