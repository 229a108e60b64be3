package scap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/syscall"
)

// Options configure a Reader.
type Options struct {
	MaxThreads int // bound of the process table; 0: its own default
	// Parts also returns what belongs to the state and is no event of its own:
	// the beginnings of calls that old captures have, and what a capture begins
	// with. They count as events either way.
	Parts bool
}

// Reader reads the events of a capture and keeps what they do.
type Reader struct {
	blocks    *blocks
	block     block
	machine   Machine
	host      syscall.Host
	state     *syscall.State
	converter converter
	event     syscall.Event
	addresses interfaces
	num       uint64
	parts     bool // as in the Options
	started   bool // events have begun
	initial   bool // none but such that belong to the state have come
	pending   bool // the block at hand is still to be used
	stats     Stats
}

// Stats counts what a Reader has read.
type Stats struct {
	Events     uint64 // that count
	Enters     uint64 // enter events whose parameters went to their exit
	Unknown    uint64 // events of types that are not known, left out
	Damaged    uint64 // events whose parameters do not fit, left out
	OtherBlock uint64 // blocks of types that are not known, left out
}

const (
	sectionMagic = 0x1a2b3c4d
	maxMajor     = 1
)

// NewReader reads the beginning of a capture, up to its first event. It keeps
// r, which it does not close.
func NewReader(r io.Reader, opts Options) (*Reader, error) {
	blocks, err := newBlocks(r)
	if err != nil {
		return nil, err
	}
	threads := process.NewTable(process.Options{MaxThreads: opts.MaxThreads})
	rd := &Reader{
		blocks: blocks,
		state:  syscall.NewState(threads),
		parts:  opts.Parts, initial: true,
	}
	rd.state.Near = rd.near
	rd.host = syscall.Host{Threads: threads, Users: &user.Table{}, Local: rd.isLocal}
	rd.state.Users = rd.host.Users
	if err := rd.section(); err != nil {
		return nil, err
	}
	if err := rd.untilEvent(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return rd, nil
}

// Machine is what the capture says of its machine.
func (r *Reader) Machine() Machine { return r.machine }

// Host is the machine as fields see it.
func (r *Reader) Host() *syscall.Host { return &r.host }

// Stats tells what was read so far.
func (r *Reader) Stats() Stats { return r.stats }

// isLocal tells whether an address, as raw bytes, is one of the machine's.
func (r *Reader) isLocal(ip string) bool { return r.addresses.local(ip) }

func (r *Reader) near(ip string) string { return r.addresses.near(ip) }

// section reads the block that every capture begins with.
func (r *Reader) section() error {
	if err := r.blocks.next(&r.block); err != nil {
		if errors.Is(err, io.EOF) {
			return &FormatError{0, "it is empty"}
		}
		return err
	}
	body := r.block.body
	switch {
	case r.block.form.kind != blockSection || len(body) < 8 || binary.LittleEndian.Uint32(body) != sectionMagic:
		return &FormatError{0, "it does not begin as a capture does"}
	case binary.LittleEndian.Uint16(body[4:]) > maxMajor:
		return &FormatError{0, fmt.Sprintf("it is of the format's version %d, and versions up to %d are known",
			binary.LittleEndian.Uint16(body[4:]), maxMajor)}
	}
	return nil
}

// untilEvent reads blocks up to the next event, which stays at hand.
func (r *Reader) untilEvent() error {
	fresh := false
	for {
		if err := r.blocks.next(&r.block); err != nil {
			return err
		}
		if r.block.form.kind == blockEvent {
			break
		}
		fresh = true
		if err := r.metadata(); err != nil {
			return err
		}
	}
	if fresh || !r.started {
		r.state.Threads.LinkAll()
		roles(r.state.Threads)
	}
	r.started, r.pending = true, true
	return nil
}

// metadata takes over a block that is no event. After events it stands where
// captures were joined.
func (r *Reader) metadata() error {
	c := cursor{b: r.block.body}
	version := r.block.form.version
	switch r.block.form.kind {
	case blockSection:
	case blockMachine:
		r.machine = c.machine()
		r.host.Name = r.machine.Hostname
		r.state.BootTime = r.machine.BootTime
	case blockProcesses:
		c.threads(version, r.state.Threads)
	case blockFDs:
		c.fds(version, r.state.Threads)
	case blockUsers:
		c.users(version, r.host.Users)
	case blockInterfaces:
		r.addresses = c.interfaces(version)
	case blockUnknown, blockEvent:
		r.stats.OtherBlock++
	}
	if c.short {
		return &FormatError{r.block.offset, "a list ends inside an entry"}
	}
	return nil
}

// Next is the next event, with its thread and descriptor; io.EOF at the end of
// the capture, a *FormatError where it is damaged. The event is valid until the
// next call.
func (r *Reader) Next() (*syscall.Event, error) {
	for {
		if !r.pending {
			if err := r.untilEvent(); err != nil {
				return nil, err
			}
		}
		r.pending = false
		if r.decode() {
			return &r.event, nil
		}
	}
}

// decode makes the event of the block at hand; false if it is not passed on.
func (r *Reader) decode() bool {
	e := &r.event
	cpu, record, ok := r.block.record()
	form := syscall.FormCounted
	if r.block.form.version < 2 {
		form = syscall.FormBare
	}
	before := e.Head.Time
	if !ok {
		r.stats.Damaged++
		return false
	}
	if err := e.Decode(record, form); err != nil {
		r.countBad(err)
		return false
	}
	if !r.converter.convert(e) {
		r.stats.Enters++
		return false
	}
	r.num++
	r.stats.Events++
	e.Head.Num, e.CPU = r.num, cpu
	r.host.Before = before
	if r.num == 1 {
		r.host.Start, r.host.Before = e.Head.Time, 0
	}
	e.Host = &r.host
	r.state.Apply(e)
	return !r.part(e) || r.parts
}

// part tells whether an event is no event of its own.
func (r *Reader) part(e *syscall.Event) bool {
	if e.Enter() && e.Info.Kind == syscall.KindSyscall {
		return true
	}
	switch e.Info.Num {
	case syscall.EvContainerE, syscall.EvUseraddedE, syscall.EvGroupaddedE:
		return r.initial
	}
	r.initial = false
	return false
}

func (r *Reader) countBad(err error) {
	var bad *syscall.RecordError
	if errors.As(err, &bad) && syscall.Info(bad.Type) == nil {
		r.stats.Unknown++
		return
	}
	r.stats.Damaged++
}

// record is an event block's cpu and record.
func (b *block) record() (cpu uint16, record []byte, ok bool) {
	head := 2
	if b.form.flags {
		head += 4
	}
	if len(b.body) < head {
		return 0, nil, false
	}
	return binary.LittleEndian.Uint16(b.body), b.body[head:], true
}
