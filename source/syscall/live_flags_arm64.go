package syscall

import "github.com/lannersec/lanner/bpf/abi"

const (
	nativeDirectory = 0o40000
	nativeDirect    = 0o200000
	nativeLargefile = 0o400000
)

// nativeNumber is a call's number here; -1: it has none.
func nativeNumber(n abi.Numbers) int16 { return n.ARM64 }
