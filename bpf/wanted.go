package bpf

import (
	"fmt"

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
	var native, compat, either bitmap
	for i := range abi.Calls {
		call := &abi.Calls[i]
		id, known := typeOf(call)
		if !call.Lineage && !(known && types.Has(id)) {
			continue
		}
		native.add(c.machine.native(call.NR))
		compat.add(c.machine.compat(call.NR))
	}
	for i := range either {
		either[i] = native[i] | compat[i]
	}
	c.generation++
	vars := &c.objects.wanted
	err := vars.generation.Set(c.generation)
	if err == nil {
		err = vars.native.Set(native)
	}
	if err == nil {
		err = vars.compat.Set(compat)
	}
	if err == nil {
		err = vars.either.Set(either)
	}
	if err != nil {
		return fmt.Errorf("set wanted syscalls: %w", err)
	}
	return nil
}
