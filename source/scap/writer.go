package scap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/lannersec/lanner/identity/user"
	"github.com/lannersec/lanner/source/syscall"
)

// Writer writes a capture that other tools of the format read too: first the
// machine, its processes, users and addresses, then the events.
type Writer struct {
	out     io.Writer
	buf     []byte // the block at hand
	written int64
	// Environment keeps the environments of processes, which may hold secrets;
	// without it they are left out of the list and of exec events.
	Environment bool
}

// ErrTooBig is an event or entry that the format cannot hold.
var ErrTooBig = errors.New("too big for a capture")

// The block types that are written: the newest.
const (
	writeSection    = 0x0a0d0d0a
	writeMachine    = 0x201
	writeProcesses  = 0x215
	writeFDs        = 0x218
	writeInterfaces = 0x219
	writeUsers      = 0x220
	writeEvent      = 0x216
	writeLarge      = 0x221

	minorVersion = 2
	maxText      = math.MaxUint16
)

// NewWriter begins a capture. The caller closes out.
func NewWriter(out io.Writer) (*Writer, error) {
	w := &Writer{out: out}
	w.begin(writeSection)
	w.u32(sectionMagic)
	w.u16(maxMajor)
	w.u16(minorVersion)
	w.u64(math.MaxUint64)
	return w, w.end()
}

// Written is how many bytes the capture has.
func (w *Writer) Written() int64 { return w.written }

// Machine writes what the capture says of its machine.
func (w *Writer) Machine(m Machine) error {
	w.begin(writeMachine)
	w.u32(m.CPUs)
	w.u64(m.Memory)
	w.u64(m.MaxPID)
	var name [hostnameSize]byte
	copy(name[:hostnameSize-1], m.Hostname)
	w.buf = append(w.buf, name[:]...)
	w.u64(m.BootTime)
	w.u64(0) // flags
	w.u64(0)
	w.u64(0)
	return w.end()
}

// Users writes the accounts of the machine.
func (w *Writer) Users(users []user.User, groups []user.Group) error {
	w.begin(writeUsers)
	for _, u := range users {
		w.entry(func() {
			w.u8(userEntry)
			w.u32(u.UID)
			w.u32(u.GID)
			w.text(u.Name)
			w.text(u.Home)
			w.text(u.Shell)
		})
	}
	for _, g := range groups {
		w.entry(func() {
			w.u8(groupEntry)
			w.u32(g.GID)
			w.text(g.Name)
		})
	}
	return w.end()
}

// envParam is the parameter of exec events that holds the environment.
const envParam = 15

// Event writes an event in its own encoding.
func (w *Writer) Event(e *syscall.Event) error {
	large := e.Info.Flags&syscall.LargePayload != 0
	if large {
		w.begin(writeLarge)
	} else {
		w.begin(writeEvent)
	}
	w.u16(e.CPU)
	start := len(w.buf)
	w.u64(e.Head.Time)
	w.u64(uint64(e.TID))
	w.u32(0) // length, known below
	w.u16(e.Info.Num)
	w.u32(uint32(e.NumParams()))
	for i := range e.NumParams() {
		n := len(w.param(e, i))
		switch {
		case large:
			w.u32(uint32(n))
		case n > math.MaxUint16:
			return fmt.Errorf("parameter %s of %s: %w", e.Info.Params[i].Name, e.Name(), ErrTooBig)
		default:
			w.u16(uint16(n))
		}
	}
	for i := range e.NumParams() {
		w.buf = append(w.buf, w.param(e, i)...)
	}
	binary.LittleEndian.PutUint32(w.buf[start+16:], uint32(len(w.buf)-start))
	return w.end()
}

// param is a parameter as it is written.
func (w *Writer) param(e *syscall.Event, i int) []byte {
	if i == envParam && !w.Environment && (e.Info.Num == syscall.EvExecveX || e.Info.Num == syscall.EvExecveatX) {
		return nil
	}
	return e.Param(i)
}

// begin starts a block.
func (w *Writer) begin(typ uint32) {
	w.buf = w.buf[:0]
	w.u32(typ)
	w.u32(0) // length, set at the end
}

// end pads the block and writes it.
func (w *Writer) end() error {
	for len(w.buf)%4 != 0 {
		w.buf = append(w.buf, 0)
	}
	size := len(w.buf) + 4
	if size > maxBlock {
		return fmt.Errorf("a block of %d bytes: %w", size, ErrTooBig)
	}
	w.u32(uint32(size))
	binary.LittleEndian.PutUint32(w.buf[4:], uint32(size))
	n, err := w.out.Write(w.buf)
	w.written += int64(n)
	return err
}

// entry writes an entry with its length, which counts itself, in front.
func (w *Writer) entry(fill func()) {
	start := len(w.buf)
	w.u32(0)
	fill()
	binary.LittleEndian.PutUint32(w.buf[start:], uint32(len(w.buf)-start))
}

func (w *Writer) u8(n uint8)   { w.buf = append(w.buf, n) }
func (w *Writer) u16(n uint16) { w.buf = binary.LittleEndian.AppendUint16(w.buf, n) }
func (w *Writer) u32(n uint32) { w.buf = binary.LittleEndian.AppendUint32(w.buf, n) }
func (w *Writer) u64(n uint64) { w.buf = binary.LittleEndian.AppendUint64(w.buf, n) }
func (w *Writer) i64(n int64)  { w.u64(uint64(n)) }

// text is a text with its length in front, cut where the format ends.
func (w *Writer) text(s string) {
	s = s[:min(len(s), maxText)]
	w.u16(uint16(len(s)))
	w.buf = append(w.buf, s...)
}

// list is items with a NUL behind each, cut where the format ends.
func (w *Writer) list(items []string) {
	start := len(w.buf)
	w.u16(0)
	for _, item := range items {
		if len(w.buf)-start-2+len(item)+1 > maxText {
			break
		}
		w.buf = append(append(w.buf, item...), 0)
	}
	binary.LittleEndian.PutUint16(w.buf[start:], uint16(len(w.buf)-start-2))
}

func (w *Writer) flag(b bool) {
	if b {
		w.u8(1)
	} else {
		w.u8(0)
	}
}
