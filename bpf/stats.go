package bpf

import (
	"fmt"

	"github.com/lannersec/lanner/bpf/abi"
)

// Stats is what the kernel side counted since Open.
type Stats struct {
	Sent    uint64 // records that went into the ring
	Skipped uint64 // runs of a program that the kernel left out, because it ran already on that CPU
	Calls   []CallStats
	RingLen int // bytes that the ring holds
	RingUse int // bytes that wait in it
}

// CallStats are the counters of one call or lineage event.
type CallStats struct {
	Name    string // event name
	Sent    uint64
	Refused uint64 // above the watermark for bulk records
	// OverShare: the ring was filling, and the process had its share of the rest.
	OverShare uint64
	Full      uint64 // the ring was full
	TooBig    uint64 // the record outgrew its bound
	Filtered  uint64 // no rule could match
}

// Dropped is what was lost, whatever the cause; what was filtered is not.
func (c CallStats) Dropped() uint64 { return c.Refused + c.OverShare + c.Full + c.TooBig }

// lineageNames are the names of the records that are no syscalls, by number.
var lineageNames = map[int]string{
	int(abi.CallExec): "execve", int(abi.CallFork): "clone", int(abi.CallExit): "procexit",
}

// Stats reads the counters of all CPUs. Calls that never happened are left out.
func (c *Capture) Stats() (Stats, error) {
	stats := Stats{RingLen: c.ring.size(), RingUse: c.ring.waiting()}
	for _, a := range c.attached {
		runs, err := a.prog.Stats()
		if err != nil {
			return stats, fmt.Errorf("runs of programs: %w", err)
		}
		stats.Skipped += runs.RecursionMisses
	}
	counters := c.objects.maps.Maps[directMapCounters]
	var perCPU [][abi.CountCauses]uint64
	for i := range abi.CallSpace {
		name := lineageNames[i]
		if i < len(abi.Calls) {
			name = abi.Calls[i].Name
		}
		if name == "" {
			continue
		}
		if err := counters.Lookup(uint32(i), &perCPU); err != nil {
			return stats, fmt.Errorf("counters: %w", err)
		}
		call := sum(name, perCPU)
		stats.Sent += call.Sent
		if call != (CallStats{Name: name}) {
			stats.Calls = append(stats.Calls, call)
		}
	}
	return stats, nil
}

func sum(name string, perCPU [][abi.CountCauses]uint64) CallStats {
	s := CallStats{Name: name}
	for _, n := range perCPU {
		s.Sent += n[abi.CountSent]
		s.Refused += n[abi.CountRefused]
		s.OverShare += n[abi.CountOverShare]
		s.Full += n[abi.CountFull]
		s.TooBig += n[abi.CountTooBig]
		s.Filtered += n[abi.CountFiltered]
	}
	return s
}
