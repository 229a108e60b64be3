package syscall

const (
	nativeDirectory = 0o40000
	nativeDirect    = 0o200000
	nativeLargefile = 0o400000
)
