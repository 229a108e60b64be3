package syscall

const (
	nativeDirect    = 0o40000
	nativeLargefile = 0o100000
	nativeDirectory = 0o200000
)
