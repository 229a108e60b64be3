package bpf

import (
	"errors"
	"os"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"

	"github.com/lannersec/lanner/internal/testenv"
)

// Nothing stays in the kernel after Close.
func TestDetach(t *testing.T) {
	testenv.Require(t, os.Geteuid() == 0, "kernel capture needs root")
	c, err := Open(Config{})
	if errors.Is(err, ErrUnsupported) {
		testenv.Require(t, false, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	var ids []ebpf.ProgramID
	for _, a := range c.attached {
		info, err := a.prog.Info()
		if err != nil {
			t.Fatal(err)
		}
		id, ok := info.ID()
		if !ok {
			t.Fatal("a program without an id")
		}
		ids = append(ids, id)
	}
	for i, h := range c.Hooks() {
		switch {
		case h.Err == nil:
		case hooks[i].need:
			t.Errorf("%s: %v", h.Event, h.Err)
		default:
			t.Logf("without %s: %v", h.Gives, h.Err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		for prog, err := ebpf.NewProgramFromID(id); err == nil; prog, err = ebpf.NewProgramFromID(id) {
			prog.Close() // freed after a grace period
		}
	}
	if stats, err := c.Stats(); err == nil {
		t.Errorf("statistics of a closed capture: %+v", stats)
	}
}

// Every build of the programs passes the verifier of this kernel.
func TestVariants(t *testing.T) {
	testenv.Require(t, os.Geteuid() == 0, "kernel capture needs root")
	if err := rlimit.RemoveMemlock(); err != nil {
		t.Log(err)
	}
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			o, err := newObjects(v, settings{ring: minRingBytes, cpus: 1, machine: thisMachine(), uringCQE: completionIsCQE()})
			if err != nil {
				t.Skipf("not for this kernel: %v", err)
			}
			defer o.close()
			if prog, err := o.program(probeProgram, ""); err != nil {
				t.Skipf("the loader would not choose it: %v", err)
			} else {
				prog.Close()
			}
			for _, h := range hooks {
				prog, err := o.program(h.program, h.kernelEvent())
				if err != nil {
					t.Errorf("%s: %v", h.event, err)
					var refused *ebpf.VerifierError
					if errors.As(err, &refused) {
						t.Logf("%-30v", refused)
					}
					continue
				}
				prog.Close()
			}
		})
	}
}
