package bpf

import (
	"errors"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"

	"github.com/lannersec/lanner/bpf/abi"
)

// variant is one build of the programs.
type variant struct {
	name string
	load func() (*ebpf.CollectionSpec, error)
}

// variants are tried in this order.
var variants = [...]variant{{"direct", loadDirect}, {"probe", loadProbe}, {"early", loadEarly}}

// objects are the maps in the kernel, and the programs before they are loaded.
type objects struct {
	variant  string
	spec     *ebpf.CollectionSpec
	maps     *ebpf.Collection
	wanted   wantedVars
	sleeping *ebpf.Variable
	filters  filterMaps
}

// wantedVars are the variables that change while running.
type wantedVars struct {
	native, compat, either, calls, generation *ebpf.Variable
}

// unfiltered is the variant that never filters: the verifiers of its kernels take
// too long over programs that do.
const unfiltered = "early"

// probeProgram is the program that decides which variant a kernel takes: it walks
// paths, so that it needs what any program needs.
const probeProgram = directProgSchedExec

// loadObjects makes the maps, for the first variant that the kernel accepts.
// Before 5.11 the kernel counts them as locked memory, whose limit is lifted.
func loadObjects(set settings) (*objects, error) {
	var errs []error
	if err := rlimit.RemoveMemlock(); err != nil {
		errs = append(errs, err) // matters only if the kernel refuses the maps
	}
	for _, v := range variants {
		o, err := newObjects(v, set)
		if err == nil {
			var prog *ebpf.Program
			if prog, err = o.program(probeProgram, ""); err == nil {
				_ = prog.Close() // it was only a trial
				return o, nil
			}
			o.close()
		}
		errs = append(errs, fmt.Errorf("%s programs: %w", v.name, err))
	}
	return nil, explain(errors.Join(errs...))
}

// settings are what the programs are told before they load.
type settings struct {
	ring    uint32
	cpus    int
	env     bool
	filter  bool
	machine machine
	// uringCQE: the kernel hands over the whole completion, not its members.
	uringCQE bool
}

// Parts of the ring: bulk records are refused above three quarters, above a
// quarter those of a process that had its share; a reader that sleeps is woken
// above a sixteenth.
func (s settings) bulkLimit() uint64 { return uint64(s.ring) / 4 * 3 }
func (s settings) fairLimit() uint64 { return uint64(s.ring) / 4 }
func (s settings) wakeFill() uint64  { return uint64(s.ring) / 16 }

func newObjects(v variant, set settings) (*objects, error) {
	spec, err := v.load()
	if err != nil {
		return nil, err
	}
	spec.Maps[directMapRing].MaxEntries = set.ring
	spec.Maps[directMapScratches].MaxEntries = uint32(set.cpus)
	for name, value := range map[string]any{
		directVarBulkLimit:   set.bulkLimit(),
		directVarFairLimit:   set.fairLimit(),
		directVarWakeFill:    set.wakeFill(),
		directVarWithEnv:     set.env,
		directVarWithFilter:  set.filter && v.name != unfiltered,
		directVarRows:        abi.Rows(),
		directVarNativeCalls: abi.Index(set.machine.native),
		directVarCompatCalls: abi.Index(set.machine.compat),
		directVarSocketCalls: abi.SocketCalls(),
		directVarUringCalls:  abi.UringCalls(),
		directVarUringCqe:    set.uringCQE,
	} {
		if err := spec.Variables[name].Set(value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	onlyMaps := spec.Copy()
	clear(onlyMaps.Programs)
	maps, err := ebpf.NewCollection(onlyMaps)
	if err != nil {
		return nil, fmt.Errorf("maps: %w", err)
	}
	return &objects{
		variant: v.name, spec: spec, maps: maps,
		wanted: wantedVars{
			native: maps.Variables[directVarWantedNative], compat: maps.Variables[directVarWantedCompat],
			either: maps.Variables[directVarWantedAny], calls: maps.Variables[directVarWantedCalls], generation: maps.Variables[directVarGeneration],
		},
		sleeping: maps.Variables[directVarReaderSleeps],
		filters: filterMaps{
			of: maps.Variables[directVarFilterOf], tables: maps.Maps[directMapFilters], trie: maps.Maps[directMapFilterTrie],
		},
	}, nil
}

// program loads one program on the maps, for a kernel event; empty: the one that
// it was built for.
func (o *objects) program(name, event string) (*ebpf.Program, error) {
	spec := o.spec.Copy()
	if p := spec.Programs[name]; event != "" && p.Type == ebpf.Tracing {
		p.AttachTo = event
	}
	for other := range spec.Programs {
		if other != name {
			delete(spec.Programs, other)
		}
	}
	coll, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{MapReplacements: o.maps.Maps})
	if err != nil {
		return nil, err
	}
	defer coll.Close()
	return coll.DetachProgram(name), nil
}

// skipSelf makes the programs leave out this process. The kernel tells its number
// on the host, which inside another pid namespace is not what the process knows.
func (o *objects) skipSelf() error {
	prog, err := o.program(directProgOwnProcess, "")
	if err != nil {
		return fmt.Errorf("find the own process: %w", err)
	}
	defer prog.Close()
	if _, err := prog.Run(&ebpf.RunOptions{}); err == nil {
		return nil
	} else if !errors.Is(err, ebpf.ErrNotSupported) {
		return fmt.Errorf("find the own process: %w", err)
	}
	if !inHostPIDs() {
		return nil // a wrong number would hide somebody else
	}
	return o.maps.Variables[directVarOwnPid].Set(uint32(os.Getpid()))
}

// inHostPIDs tells whether this process lives in the host's pid namespace, whose
// inode the kernel fixes (PROC_PID_INIT_INO).
func inHostPIDs() bool {
	const hostPIDs = "pid:[4026531836]"
	ns, err := os.Readlink("/proc/self/ns/pid")
	return err == nil && ns == hostPIDs
}

// sleeps tells the programs whether the reader does; then they wake it when the
// ring fills.
func (o *objects) sleeps(now bool) error {
	flag := uint32(0)
	if now {
		flag = 1
	}
	return o.sleeping.Set(flag)
}

func (o *objects) close() { o.maps.Close() }
