package syscall

// bit maps bits of a kernel flag word to bits of the capture format.
type bit struct{ native, event uint64 }

// translate maps all bits that are set.
func translate(table []bit, native uint64) (event uint32) {
	for _, b := range table {
		if native&b.native == b.native {
			event |= uint32(b.event)
		}
	}
	return event
}

// Open flags that differ between amd64 and arm64 stand in live_flags_ARCH.go.
const (
	nativeWronly    = 0o1
	nativeRdwr      = 0o2
	nativeAccess    = 0o3
	nativeCreat     = 0o100
	nativeExcl      = 0o200
	nativeTrunc     = 0o1000
	nativeAppend    = 0o2000
	nativeNonblock  = 0o4000
	nativeDsync     = 0o10000
	nativeCloexec   = 0o2000000
	nativeSyncBit   = 0o4000000
	nativeTmpfile   = 0o20000000
	nativeSync      = nativeSyncBit | nativeDsync
	nativeTmpfileOr = nativeTmpfile | nativeDirectory
)

var openBits = []bit{
	{nativeCreat, 1 << 2}, {nativeAppend, 1 << 3}, {nativeDsync, 1 << 4}, {nativeExcl, 1 << 5},
	{nativeNonblock, 1 << 6}, {nativeSync, 1 << 7}, {nativeTrunc, 1 << 8}, {nativeDirect, 1 << 9},
	{nativeDirectory, 1 << 10}, {nativeLargefile, 1 << 11}, {nativeCloexec, 1 << 12}, {nativeTmpfileOr, 1 << 13},
}

// openFlags are open flags in their event encoding, in which reading is a bit.
func openFlags(native uint32) uint32 {
	flags := translate(openBits, uint64(native))
	switch native & nativeAccess {
	case nativeWronly:
		return flags | 2
	case nativeRdwr:
		return flags | 3
	case 0:
		return flags | 1
	}
	return flags
}

// creates tells whether the mode argument of an open call means anything.
func creates(native uint32) bool { return native&(nativeCreat|nativeTmpfile) != 0 }

const (
	cloneVM    = 0x100
	cloneVfork = 0x4000
)

var cloneBits = []bit{
	{0x400, 1 << 0}, {0x200, 1 << 1}, {0x80000000, 1 << 2}, {0x8000000, 1 << 3}, {0x40000000, 1 << 4},
	{0x20000, 1 << 5}, {0x20000000, 1 << 6}, {0x4000000, 1 << 7}, {0x8000, 1 << 8}, {0x100000, 1 << 9},
	{0x2000, 1 << 10}, {0x800, 1 << 11}, {0x40000, 1 << 12}, {0x10000, 1 << 13}, {0x800000, 1 << 14},
	{0x100, 1 << 15}, {0x10000000, 1 << 20}, {0x200000, 1 << 23}, {0x1000000, 1 << 24}, {0x80000, 1 << 25},
	{0x4000, 1 << 27}, {0x2000000, 1 << 28},
}

func cloneFlags(native uint64) uint32 { return translate(cloneBits, native) }

// The flags of openat2's resolve member, in the order of the kernel's bits:
// NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH, IN_ROOT, CACHED.
var resolveBits = []bit{{1, 16}, {2, 4}, {4, 8}, {8, 1}, {16, 2}, {32, 32}}

func resolveFlags(native uint64) uint32 { return translate(resolveBits, native) }
