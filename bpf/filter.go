package bpf

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/predicate"
)

// filterMaps are where the programs find their filters.
type filterMaps struct {
	of           *ebpf.Variable
	tables, trie *ebpf.Map
}

// filterSet is what is known of the filters in the kernel.
type filterSet struct {
	on      bool
	refused error // why the kernel has no filters though they were asked for
	upper   bool  // the running tables are in the upper half
	keys    []abi.TrieKey
}

// Filters is the filter of each event type; a type without one passes.
type Filters map[event.TypeID]*predicate.Table

// maxTables is how many different tables there can be at a time: half of all,
// so that new ones are complete before a call sees them.
const maxTables = abi.MaxFilters/2 - 1

// maxTrieKeys bounds the texts of all tables: half of what the trie holds.
const maxTrieKeys = 1 << 16

// membarrierGlobal waits until no CPU is in a program that it was in before
// (linux/membarrier.h).
const membarrierGlobal = 1

// ErrNoFilters is why kernels before 5.17 capture without filters.
var ErrNoFilters = errors.New("filters need kernel 5.17")

// ErrFilterTooBig is what SetFilters returns for more texts than the kernel holds.
var ErrFilterTooBig = errors.New("the rules ask for too many texts")

// Filtering tells whether the programs can filter, and if they were asked to but
// cannot, why.
func (c *Capture) Filtering() (bool, error) { return c.filters.on, c.filters.refused }

// SetFilters decides which calls of the wanted types are left out. It may be
// called at any time, from the goroutine that calls SetTypes; each call is
// decided by the filters from before or by the new ones. After an error nothing
// is filtered.
func (c *Capture) SetFilters(filters Filters) error {
	if !c.filters.on {
		return nil
	}
	if err := c.setFilters(filters); err != nil {
		return errors.Join(fmt.Errorf("set filters: %w", err), c.objects.filters.of.Set([abi.CallLimit]uint16{}))
	}
	return nil
}

func (c *Capture) setFilters(filters Filters) error {
	base := uint16(0)
	if !c.filters.upper {
		base = abi.MaxFilters / 2
	}
	var tables []*predicate.Table
	var of [abi.CallLimit]uint16
	for i := range abi.Calls {
		if table := tableOf(&abi.Calls[i], filters); table != nil {
			at := indexOf(&tables, table)
			if at < maxTables {
				of[i] = base + uint16(at) + 1
			}
		}
	}
	maps := &c.objects.filters
	keys, err := maps.put(tables, base)
	if err != nil {
		maps.remove(keys)
		return err
	}
	if err := maps.of.Set(of); err != nil {
		return err
	}
	// No program may still use the old texts when they go.
	if _, _, errno := unix.Syscall(unix.SYS_MEMBARRIER, membarrierGlobal, 0, 0); errno == 0 {
		maps.remove(c.filters.keys)
		c.filters.keys = nil
	}
	c.filters.keys = append(c.filters.keys, keys...)
	c.filters.upper = !c.filters.upper
	return nil
}

// tableOf is the filter of a row's calls; nil where all pass. What the process
// table depends on does.
func tableOf(call *abi.Call, filters Filters) *predicate.Table {
	if call.Lineage || call.Failures {
		return nil
	}
	id, known := typeOf(call)
	if !known {
		return nil
	}
	return filters[id]
}

// indexOf finds an equal table, or adds it.
func indexOf(tables *[]*predicate.Table, table *predicate.Table) int {
	for i, t := range *tables {
		if reflect.DeepEqual(t, table) {
			return i
		}
	}
	*tables = append(*tables, table)
	return len(*tables) - 1
}

// put writes tables behind base. The keys are those that are in the trie then,
// also after an error.
func (m *filterMaps) put(tables []*predicate.Table, base uint16) (keys []abi.TrieKey, err error) {
	for i, table := range tables[:min(len(tables), maxTables)] {
		id := base + uint16(i) + 1
		for text := range abi.FilterTexts {
			t := &table.Texts[text]
			if len(keys)+len(t.Entries)+len(t.Base) > maxTrieKeys {
				return keys, ErrFilterTooBig
			}
			if keys, err = m.putEntries(keys, t.Entries, id, uint8(text)); err != nil {
				return keys, err
			}
			if keys, err = m.putEntries(keys, t.Base, id, uint8(text)|abi.TrieBase); err != nil {
				return keys, err
			}
		}
		if err := m.tables.Put(uint32(id), kernelTable(table)); err != nil {
			return keys, err
		}
	}
	return keys, nil
}

func (m *filterMaps) putEntries(keys []abi.TrieKey, entries []predicate.Entry, id uint16, text uint8) ([]abi.TrieKey, error) {
	const idBits = 24 // of the filter and the text
	for i := range entries {
		e := &entries[i]
		key := abi.TrieKey{PrefixLen: uint32(idBits + 8*len(e.Text)), Filter: id, Text: text}
		copy(key.Name[:], e.Text)
		if err := m.trie.Put(key, abi.TrieValue{Any: e.Any, Dir: e.Dir, DirLen: uint64(e.DirLen)}); err != nil {
			return keys, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// remove takes texts out of the trie. One that stays costs memory, nothing else.
func (m *filterMaps) remove(keys []abi.TrieKey) {
	for i := range keys {
		_ = m.trie.Delete(keys[i])
	}
}

// kernelTable is a table as the programs read it.
func kernelTable(t *predicate.Table) *abi.Filter {
	f := &abi.Filter{}
	for i := range f.Allow {
		f.Allow[i].Value = t.Allow[i]
	}
	for i := range f.Texts {
		from, to := &t.Texts[i], &f.Texts[i]
		to.Free, to.Indexed, to.Bases = from.Free, from.Indexed, from.Bases
		to.Gate, to.BaseGate = gate(from.Entries), gate(from.Base)
		for j, n := range from.Needles {
			to.Searched |= n.Clauses
			f.Needles[i].First |= 1 << (n.Text[0] & 63)
			f.Needles[i].Needles[j] = kernelNeedle(n)
		}
	}
	return f
}

// gate has a bit for the first bytes of each entry; all where one is too short.
func gate(entries []predicate.Entry) (bits [abi.GateBits / 64]uint64) {
	for i := range entries {
		text := entries[i].Text
		if len(text) < abi.GateBytes {
			return [abi.GateBits / 64]uint64{math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64}
		}
		first := uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
		h := first * abi.GateFactor >> 24
		bits[h/64] |= 1 << (h % 64)
	}
	return bits
}

func kernelNeedle(n predicate.Needle) abi.FilterNeedle {
	var bytes [8]byte
	copy(bytes[:], n.Text)
	return abi.FilterNeedle{
		Value: nativeUint64(bytes), Mask: uint64(math.MaxUint64) >> (64 - 8*len(n.Text)), Situations: n.Clauses,
	}
}

// nativeUint64 reads a number as both architectures do.
func nativeUint64(b [8]byte) (n uint64) {
	for i := range b {
		n |= uint64(b[i]) << (8 * i)
	}
	return n
}
