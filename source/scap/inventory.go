package scap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/lannersec/lanner/source/syscall"
)

// Inventory is what a capture holds, as it stands there: before older forms are
// brought up to date.
type Inventory struct {
	Major, Minor uint16
	Size         int64 // bytes, decompressed
	Machine      Machine
	Blocks       map[string]int // by name: event_v2
	Events       map[EventForm]int
	Threads      int    // that have events
	First, Last  uint64 // times of the first and last event in the file, ns since the epoch
}

// EventForm is an event's number with a count of parameters.
type EventForm struct {
	Num    uint16
	Params int
}

// Total counts the events.
func (i *Inventory) Total() int {
	n := 0
	for _, count := range i.Events {
		n += count
	}
	return n
}

// blockNames are the parts of block names before their versions.
var blockNames = [...]string{
	blockUnknown: "unknown", blockSection: "section_header", blockMachine: "machine_info",
	blockProcesses: "proc_list", blockFDs: "fd_list", blockInterfaces: "iface_list",
	blockUsers: "user_list", blockEvent: "event",
}

// name is the block's kind with its version, if it has versions.
func (f blockForm) name() string {
	if f.version == 0 {
		return blockNames[f.kind]
	}
	return fmt.Sprintf("%s_v%d", blockNames[f.kind], f.version)
}

// TakeInventory reads a whole capture. Where it is damaged, the Inventory holds
// what stands before.
func TakeInventory(r io.Reader) (*Inventory, error) {
	blocks, err := newBlocks(r)
	if err != nil {
		return nil, err
	}
	inv := &Inventory{Blocks: map[string]int{}, Events: map[EventForm]int{}}
	threads := map[int64]bool{}
	var b block
	for {
		err := blocks.next(&b)
		inv.Size, inv.Threads = blocks.offset, len(threads)
		if errors.Is(err, io.EOF) {
			return inv, nil
		}
		if err != nil {
			return inv, err
		}
		inv.block(&b, threads)
	}
}

func (i *Inventory) block(b *block, threads map[int64]bool) {
	i.Blocks[b.form.name()]++
	c := cursor{b: b.body}
	switch b.form.kind {
	case blockSection:
		if len(b.body) >= 8 {
			i.Major, i.Minor = binary.LittleEndian.Uint16(b.body[4:]), binary.LittleEndian.Uint16(b.body[6:])
		}
	case blockMachine:
		i.Machine = c.machine()
	case blockEvent:
		i.event(b, threads)
	default:
	}
}

func (i *Inventory) event(b *block, threads map[int64]bool) {
	_, record, ok := b.record()
	if !ok || len(record) < 22 {
		return
	}
	form := syscall.FormCounted
	if b.form.version < 2 {
		form = syscall.FormBare
	}
	count := EventForm{Num: binary.LittleEndian.Uint16(record[20:])}
	var e syscall.Event
	if e.Decode(record, form) == nil {
		count.Params = e.NumParams()
	}
	i.Last = binary.LittleEndian.Uint64(record)
	if len(i.Events) == 0 {
		i.First = i.Last
	}
	i.Events[count]++
	threads[int64(binary.LittleEndian.Uint64(record[8:]))] = true
}
