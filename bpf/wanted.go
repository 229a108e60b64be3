package bpf

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/source/syscall"
)

// bitmap has a bit for each syscall number.
type bitmap [abi.MaxNR / 64]uint64

func (b *bitmap) add(nr int16) {
	if nr >= 0 && nr < abi.MaxNR {
		b[nr/64] |= 1 << (nr % 64)
	}
}

// typeOf is the event type that a row's records become.
func typeOf(c *abi.Call) (event.TypeID, bool) {
	if c.Event == syscall.EvSyscallX {
		return syscall.GenericType(c.Code), true
	}
	info := syscall.Info(c.Event)
	if info == nil {
		return 0, false
	}
	return info.ID, true
}

// SetTypes decides which syscalls leave the kernel: those of the event types in
// the set, under every number and architecture that they have, and those that
// the process table depends on. It may be called at any time, from one
// goroutine; records that are already in the ring stay. To change rules without
// a gap, widen the set, swap the rules, then narrow it.
func (c *Capture) SetTypes(types event.TypeSet) error {
	var w wanted
	for i := range abi.Calls {
		call := &abi.Calls[i]
		id, known := typeOf(call)
		if !call.Lineage && !(known && types.Has(id)) {
			continue
		}
		w.add(i, c.machine)
	}
	c.generation++
	if err := w.store(&c.objects.wanted, c.generation); err != nil {
		return fmt.Errorf("set wanted syscalls: %w", err)
	}
	return nil
}

// wanted are the bitmaps of the programs: by number, and by row.
type wanted struct{ native, compat, either, calls bitmap }

// socketcall is the i386 number behind which all socket calls stand.
const socketcall = 102

// socketRows are the rows that socketcall can be.
var socketRows = abi.SocketCalls()

func (w *wanted) add(row int, m machine) {
	nr := abi.Calls[row].NR
	w.calls.add(int16(row))
	w.native.add(m.native(nr))
	w.compat.add(m.compat(nr))
	if m.hasSocketcall && slices.Contains(socketRows[:], uint16(row)) {
		w.compat.add(socketcall)
	}
}

// store tells the programs. Rows come first and numbers last, so that no number
// lets a call through that has no row yet.
func (w *wanted) store(vars *wantedVars, generation uint32) error {
	for i := range w.either {
		w.either[i] = w.native[i] | w.compat[i]
	}
	return errors.Join(
		vars.generation.Set(generation),
		vars.calls.Set(w.calls),
		vars.native.Set(w.native),
		vars.compat.Set(w.compat),
		vars.either.Set(w.either),
	)
}
