//go:build !amd64 && !arm64

package syscall

import "github.com/lannersec/lanner/bpf/abi"

// No capture runs here; the numbers are those of asm-generic.
const (
	nativeDirect    = 0o40000
	nativeLargefile = 0o100000
	nativeDirectory = 0o200000
)

// nativeNumber is a call's number here; -1: it has none.
func nativeNumber(n abi.Numbers) int16 { return n.AMD64 }
