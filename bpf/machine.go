package bpf

import (
	"runtime"

	"github.com/lannersec/lanner/bpf/abi"
)

// machine tells which numbers of a row its syscalls have.
type machine struct {
	native, compat func(abi.Numbers) int16
	hasSocketcall  bool // 32-bit socket calls come through one number
}

func noNumber(abi.Numbers) int16 { return -1 }

// thisMachine is the machine that the program was built for.
func thisMachine() machine {
	if runtime.GOARCH == "arm64" {
		return machine{
			native: func(n abi.Numbers) int16 { return n.ARM64 },
			compat: noNumber,
		}
	}
	return machine{
		native: func(n abi.Numbers) int16 { return n.AMD64 },
		compat: func(n abi.Numbers) int16 { return n.I386 },

		hasSocketcall: true,
	}
}
