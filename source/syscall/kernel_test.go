package syscall_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/predicate"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// TestFiltersAreSound: whatever a condition finds, the filters that are derived
// from it let through. Conditions and records are random, of parts that meet.
func TestFiltersAreSound(t *testing.T) {
	const conditions, events = 1500, 60
	random := rand.New(rand.NewPCG(8, 25))
	records := make([]record, 400)
	for i := range records {
		records[i] = randomRecord(random)
	}
	matches, decided := 0, 0
	for range conditions {
		text := randomCondition(random, 4)
		node, err := filter.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		plan := compile.NewPlan(syscall.Source())
		cond, problems := plan.Condition(node)
		if cond == nil {
			t.Fatalf("%s: %v", text, problems)
		}
		c := checker{cond: cond, context: plan.NewContext(), tables: map[event.TypeID]*predicate.Table{}}
		for range events {
			r := &records[random.IntN(len(records))]
			matched, passed := c.check(t, r, random)
			if matched && !passed {
				t.Fatalf("%s\nmatches %s\nwhich the filters leave out", text, r)
			}
			if matched {
				matches++
			}
			if !passed {
				decided++
			}
		}
	}
	if matches < conditions || decided < conditions {
		t.Errorf("%d matches and %d calls left out: too few to tell", matches, decided)
	}
}

// checker evaluates one condition and its filters.
type checker struct {
	cond    *compile.Condition
	context *compile.Context
	tables  map[event.TypeID]*predicate.Table
}

func (c *checker) check(t *testing.T, r *record, random *rand.Rand) (matched, passed bool) {
	threads := process.NewTable(process.Options{})
	d, e := syscall.NewLiveDecoder(threads, &syscall.Host{Threads: threads}, 0), &syscall.Event{}
	if err := d.Decode(r.sample(), e); err != nil {
		t.Fatal(err)
	}
	c.context.Begin(&e.Head)
	matched = c.cond.Types.Has(e.Head.Type) && c.cond.Eval(c.context)
	table := c.tables[e.Head.Type]
	p := predicate.Of([]*compile.Tree{c.cond.Tree}, e.Head.Type, syscall.Known)
	if table == nil {
		table = p.Table()
		c.tables[e.Head.Type] = table
	}
	s := r.situation(random)
	if p.Maybe(s) && table.Verdict(s) == 0 {
		t.Fatalf("the tables leave out what the predicate does not: %s", r)
	}
	return matched, table.Verdict(s) != 0
}

// record is a call that opens a file.
type record struct {
	call      string
	flags     uint64
	ret       int64
	mode      uint16
	path, raw string // empty: not there
	base      string
}

func (r *record) String() string {
	return fmt.Sprintf("%s flags %#o = %d mode %#o path %q raw %q", r.call, r.flags, r.ret, r.mode, r.path, r.raw)
}

var (
	someNames = []string{"etc", "tmp", "a", "ab", "shadow", "passwd", "x.so", "id_rsa", "..", "pam.d", "b"}
	someCalls = []string{"open", "openat", "openat2", "creat", "open_by_handle_at"}
	// flags that matter, for both architectures
	someFlags = []uint64{0, 1, 2, 3, 0o101, 0o102, 0o1001, 0o20200000, 0o2000000}
)

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func randomPath(random *rand.Rand, depth int) string {
	var b strings.Builder
	for range 1 + random.IntN(depth) {
		b.WriteString("/" + pick(random, someNames))
	}
	return b.String()
}

func randomRecord(random *rand.Rand) record {
	r := record{call: pick(random, someCalls), flags: pick(random, someFlags), ret: int64(random.IntN(6)), mode: 0o100644}
	r.path, r.raw = strings.ReplaceAll(randomPath(random, 4), "..", "dots"), randomPath(random, 4)
	switch random.IntN(12) {
	case 0, 1, 2:
		r.ret, r.path = -int64(1+random.IntN(40)), ""
	case 3:
		r.mode = 0o040755
	case 4:
		r.mode = 0o010600
	case 5:
		r.path = "" // another thread has closed it
	case 6:
		r.raw = "" // unreadable
	case 7:
		r.raw = strings.TrimPrefix(r.raw, "/")
		r.base = randomPath(random, 2)
	case 8:
		r.path += " (deleted)"
	case 9:
		r.path = "/"
		r.mode = 0o040755
	case 10:
		r.path = strings.Repeat(r.path, 300/len(r.path)+1)
	}
	return r
}

// sample is the record as the kernel programs write it.
func (r *record) sample() []byte {
	row, _ := abi.Find(r.call)
	call := &abi.Calls[row]
	head := abi.Head{Call: uint16(row), Ret: r.ret, TID: 7, PID: 7, PPID: 1, VTID: 7, VPID: 7, Start: 1}
	for _, p := range call.Params {
		if p.Op == abi.OpOpenFlags {
			head.Args[p.Arg] = r.flags
			if int(p.Arg)+1 < len(head.Args) {
				head.Args[p.Arg+1] = 0o755
			}
		}
	}
	var sections []byte
	section := func(kind abi.Section, data []byte) {
		sections = binary.LittleEndian.AppendUint16(sections, uint16(kind))
		sections = binary.LittleEndian.AppendUint16(sections, uint16(len(data)))
		sections = append(sections, data...)
		sections = append(sections, make([]byte, -len(data)&3)...)
	}
	if r.raw != "" && len(call.Fetch) > 0 {
		section(abi.SecFetch0, append([]byte(r.raw), 0))
		if r.base != "" && r.ret < 0 {
			section(abi.SecBase0, append([]byte(r.base), 0))
		}
	}
	if len(call.Fetch) > 1 {
		how := make([]byte, 24)
		binary.LittleEndian.PutUint64(how, r.flags)
		section(abi.SecFetch1, how)
	}
	if r.path != "" {
		file := abi.File{Mode: r.mode, Ino: 5, Dev: 8, Flags: uint32(r.flags)}
		section(abi.SecFile, unsafe.Slice((*byte)(unsafe.Pointer(&file)), unsafe.Sizeof(file)))
		section(abi.SecPath, append([]byte(r.path), 0))
	}
	head.Size = uint32(abi.HeadSize + len(sections))
	return append(slices.Clone(unsafe.Slice((*byte)(unsafe.Pointer(&head)), abi.HeadSize)), sections...)
}

// situation is what the programs find out about the record, some of it hidden.
func (r *record) situation(random *rand.Rand) *predicate.Situation {
	row, _ := abi.Find(r.call)
	call := &abi.Calls[row]
	s := &predicate.Situation{Features: [predicate.MaxFeatures]uint8{
		abi.FeatResult: resultOf(r.ret), abi.FeatAccess: abi.FeatUnknown, abi.FeatCreates: abi.FeatUnknown, abi.FeatObject: abi.FeatUnknown,
	}}
	for _, p := range call.Params {
		if p.Op == abi.OpOpenFlags {
			s.Features[abi.FeatAccess] = uint8(r.flags & 3)
			if r.flags&0o20000100 != 0 {
				s.Features[abi.FeatCreates] = 1
			} else {
				s.Features[abi.FeatCreates] = 0
			}
		}
	}
	if r.path != "" {
		s.Features[abi.FeatObject] = map[uint16]uint8{0o4: abi.ObjectIsDir, 0o1: abi.ObjectIsFifo}[r.mode>>12]
		s.Texts[abi.TextPath] = predicate.Known{OK: true, Text: r.path, Base: strings.LastIndexByte(r.path, '/') + 1}
	}
	if r.raw != "" && len(call.Fetch) > 0 {
		s.Texts[abi.TextRaw] = predicate.Known{OK: true, Text: r.raw}
	}
	for i := range s.Features {
		if random.IntN(10) == 0 {
			s.Features[i] = abi.FeatUnknown
		}
	}
	for i := range s.Texts {
		if random.IntN(10) == 0 {
			s.Texts[i].OK = false
		}
		if random.IntN(10) == 0 {
			s.Texts[i].Base = -1
		}
	}
	return s
}

func resultOf(ret int64) uint8 {
	switch {
	case ret < 0:
		return abi.ResultFailed
	case ret > 2:
		return abi.ResultMore
	}
	return uint8(abi.Result0 + ret)
}

func randomCondition(random *rand.Rand, depth int) string {
	if depth == 0 || random.IntN(4) == 0 {
		return randomComparison(random)
	}
	left, right := randomCondition(random, depth-1), randomCondition(random, depth-1)
	switch random.IntN(5) {
	case 0:
		return "not (" + left + ")"
	case 1, 2:
		return "(" + left + " or " + right + ")"
	}
	return "(" + left + " and " + right + ")"
}

func randomComparison(random *rand.Rand) string {
	text := func() string {
		path := randomPath(random, 3)
		switch random.IntN(6) {
		case 0:
			return path[1+random.IntN(len(path)-1):]
		case 1:
			return path + "/"
		case 2:
			return path[:1+random.IntN(len(path))]
		case 3:
			return "/"
		}
		return path
	}
	paths := []string{"fd.name", "fd.directory", "fd.filename", "fd.nameraw", "fs.path.name", "fd.name", "fd.directory"}
	name := pick(random, paths)
	switch random.IntN(11) {
	case 0, 1:
		return fmt.Sprintf("%s %s %s", name, pick(random, []string{"=", "!=", "startswith", "endswith", "contains", "icontains"}), text())
	case 2, 3:
		return fmt.Sprintf("%s in (%s, %s, %s)", name, text(), text(), pick(random, someNames))
	case 4:
		return fmt.Sprintf("%s pmatch (%s, %s)", name, text(), text()+"/*")
	case 5:
		return fmt.Sprintf("%s glob '%s'", name, pick(random, []string{"*" + text() + "*", text() + "*", "*" + text(), "/?tc/*", "*../*", "/[et]*/shadow", text()}))
	case 6:
		return pick(random, []string{
			"evt.is_open_read = true", "evt.is_open_write = true", "evt.is_open_write = false", "evt.is_open_exec = true",
			"evt.is_open_create = true", "evt.is_open_read != true", "evt.failed = true", "evt.failed = false",
		})
	case 7:
		return fmt.Sprintf("%s %s %d", pick(random, []string{"fd.num", "evt.rawres"}), pick(random, []string{"=", "!=", "<", "<=", ">", ">="}), random.IntN(6)-2)
	case 8:
		return pick(random, []string{
			"evt.res = SUCCESS", "evt.res != SUCCESS", "evt.res in (EPERM, ENOENT)", "evt.rawres in (-1, 3)", "fd.num in (0, 1, 2)", "fd.num exists", "fd.name exists",
			"fd.filename exists", "fd.type exists", "evt.rawres intersects (1, 2)",
		})
	case 9:
		return pick(random, []string{
			"fd.typechar = f", "fd.typechar != d", "fd.typechar in (d, p)", "fd.type = directory", "fd.type != file", "fd.type in (file, pipe)", "fd.typechar = o",
		})
	}
	return pick(random, []string{
		"evt.type in (open, openat)", "evt.type = openat2", "evt.type != creat", "evt.type = close", "evt.num = 0", "proc.name = x", "proc.pid = 7",
		"fd.name = val(fd.nameraw)", "tolower(fd.name) = /etc/shadow", "fd.name startswith anyof (/etc, /tmp)",
	})
}
