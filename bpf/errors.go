package bpf

import (
	"errors"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
)

// ErrUnsupported is what every UnsupportedError matches: this machine, or the
// rights that the process has, do not allow capture.
var ErrUnsupported = errors.New("kernel capture is not possible here")

// ErrIdle is what Read returns when nothing happened for a while. It is not a
// failure: the caller may do periodic work and read on.
var ErrIdle = errors.New("no event")

// UnsupportedError tells which feature or right is missing and how to get it.
type UnsupportedError struct {
	Feature string
	Remedy  string
	Err     error
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%v: %s: %s (%v)", ErrUnsupported, e.Feature, e.Remedy, e.Err)
}

// Is makes an UnsupportedError match ErrUnsupported.
func (*UnsupportedError) Is(target error) bool { return target == ErrUnsupported }

// Unwrap is the kernel's own error.
func (e *UnsupportedError) Unwrap() error { return e.Err }

// kernelTypes is where a kernel publishes its type information.
const kernelTypes = "/sys/kernel/btf/vmlinux"

// explain finds out why the kernel refused, from the most to the least likely.
func explain(err error) error {
	if _, missing := os.Stat(kernelTypes); missing != nil {
		return &UnsupportedError{
			Feature: "type information of the kernel (BTF)",
			Remedy:  "use a kernel built with CONFIG_DEBUG_INFO_BTF, and make " + kernelTypes + " visible in the container",
			Err:     err,
		}
	}
	var refused *ebpf.VerifierError
	if errors.As(err, &refused) && len(refused.Log) > 0 {
		return fmt.Errorf("the kernel refused a program: %w", err) // a fault of ours
	}
	if errors.Is(err, os.ErrPermission) {
		return &UnsupportedError{
			Feature: "the rights to load BPF programs",
			Remedy:  "run as root, or with the capabilities CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE (CAP_SYS_ADMIN before kernel 5.8)",
			Err:     err,
		}
	}
	if errors.Is(err, ebpf.ErrNotSupported) {
		return &UnsupportedError{
			Feature: "BPF ring buffers and raw tracepoints",
			Remedy:  "use a kernel from 5.8 on",
			Err:     err,
		}
	}
	return err
}
