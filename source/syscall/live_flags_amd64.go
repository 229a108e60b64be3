package syscall

import "github.com/lannersec/lanner/bpf/abi"

const (
	nativeDirect    = 0o40000
	nativeLargefile = 0o100000
	nativeDirectory = 0o200000
)

// nativeNumber is a call's number here; -1: it has none.
func nativeNumber(n abi.Numbers) int16 { return n.AMD64 }
