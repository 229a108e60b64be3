//go:build !amd64 && !arm64

package syscall

// No capture runs here; the numbers are those of asm-generic.
const (
	nativeDirect    = 0o40000
	nativeLargefile = 0o100000
	nativeDirectory = 0o200000
)
