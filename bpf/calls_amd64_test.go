package bpf_test

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// legacyCalls are calls that newer architectures do not have, and that the
// wrappers avoid.
func legacyCalls(in func(string) string) []callTest {
	// call makes the system call nr with up to two paths, then numbers.
	call := func(nr uintptr, paths []string, args ...uintptr) func() {
		return func() {
			var a [3]uintptr
			var keep [2]*byte
			for i, path := range paths {
				keep[i], _ = unix.BytePtrFromString(path)
				a[i] = uintptr(unsafe.Pointer(keep[i]))
			}
			copy(a[len(paths):], args)
			_, _, _ = unix.Syscall(nr, a[0], a[1], a[2])
			runtime.KeepAlive(keep)
		}
	}
	paths := func(p ...string) []string { return p }
	return []callTest{
		{"chmod", call(unix.SYS_CHMOD, paths(in("file")), 0o4755, 0), "res=0 filename=DIR/file mode=", ""},
		{"symlink", call(unix.SYS_SYMLINK, paths("/etc/passwd", in("other"))), "res=0 target=/etc/passwd linkpath=DIR/other", ""},
		{"rename", call(unix.SYS_RENAME, paths(in("other"), in("third"))), "res=0 oldpath=DIR/other newpath=DIR/third", ""},
		{"unlink", call(unix.SYS_UNLINK, paths(in("third")), 0, 0), "res=0 path=DIR/third", ""},
		{"mkdir", call(unix.SYS_MKDIR, paths(in("made")), 0o755, 0), "res=0 path=DIR/made", ""},
		{"rmdir", call(unix.SYS_RMDIR, paths(in("made")), 0, 0), "res=0 path=DIR/made", ""},
		{"chown", call(unix.SYS_CHOWN, paths(in("file")), 0, 0), "res=0 path=DIR/file uid=0", ""},
		{"creat", call(unix.SYS_CREAT, paths(in("new")), 0o600, 0), "fd=", in("new")},
		{"dup2", call(unix.SYS_DUP2, nil, 1, 701), "res=701", ""},
	}
}
