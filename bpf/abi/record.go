// Package abi is what the kernel programs and their consumers share: the layout
// of a record, and one row per syscall. The C header is generated from it
// (go generate ./bpf/...). It imports nothing but the standard library, so that
// the loader and the decoder may both import it.
package abi

import "unsafe"

//go:generate go run ./gen -out ../c/abi.h

// Head begins every record. Numbers are in the machine's byte order. Names and
// ids are as the kernel knows them at the time of the event.
type Head struct {
	Size        uint32    // of the record, head included
	Call        uint16    // index into Calls, or one of the Call… numbers
	Flags       HeadFlags //
	Time        uint64    // nanoseconds since boot, suspend counted
	Ret         int64     // what the call returned
	Args        [6]uint64 // what it was called with; 32-bit calls are zero-extended
	Start       uint64    // start of the process, nanoseconds since boot
	ParentStart uint64    // start of the parent, which tells reused ids apart
	Cgroup      uint64    // id in the default hierarchy
	TID         uint32
	PID         uint32
	PPID        uint32
	VTID        uint32 // in the innermost pid namespace
	VPID        uint32
	SID         uint32 // session leader, innermost pid namespace
	VPGID       uint32
	PGID        uint32
	UID         uint32 // effective
	GID         uint32
	LoginUID    uint32 // 0xffffffff: never logged in
	TTY         uint32 // encoded device number, 0: none
	CPU         uint16
	PIDLevel    uint8  // depth of the pid namespace, 0: the host's
	Sections    uint8  // how many sections follow
	Generation  uint32 // of the wanted set that let the event through
	Comm        [16]byte
}

// HeadFlags are facts about a record.
type HeadFlags uint16

// The record flags.
const (
	Compat32  HeadFlags = 1 << iota // 32-bit call on a 64-bit kernel
	IOURing                         // done by io_uring for the thread
	Truncated                       // something was longer than its bound
	Fault                           // user memory could not be read
	Lineage                         // process state depends on it
)

// Numbers of records that are not a syscall's exit.
const (
	CallExec uint16 = CallLimit + iota
	CallFork
	CallExit
	callEnd
)

// CallLimit bounds the rows of Calls; CallSpace bounds all call numbers.
const (
	CallLimit = 512
	CallSpace = 520
)

// Section tells what a section holds. A section is its kind and length (2 bytes
// each), its bytes, and padding to a multiple of 4.
type Section uint16

// The section kinds. Fetch0 to Fetch3 are the results of a row's fetches, Base0
// to Base3 the directories that their relative paths start from.
const (
	SecFetch0 Section = iota
	SecFetch1
	SecFetch2
	SecFetch3
	SecBase0
	SecBase1
	SecBase2
	SecBase3
	SecFile     // File: the object of the call
	SecPath     // its resolved path
	SecSock     // Sock: the object of the call, if it is a socket
	SecUnix     // path of a unix socket
	SecExec     // Exec
	SecArgv     // NUL-separated
	SecEnv      // NUL-separated
	SecExe      // resolved path of the executable
	SecFilename // path as exec was given it
	SecCwd      // resolved working directory
	SecCgroup   // path of the cgroup, default hierarchy
	SecCgroupV1 // path in the first v1 hierarchy that runtimes use
	SecFork     // Fork
	SecAddr     // sockaddr that the kernel read from the program
	SecCaps     // Caps
	SecEnd
)

// File describes the file that a call was about.
type File struct {
	Ino   uint64
	Dev   uint32 // kernel's own encoding: major<<20 | minor
	Magic uint32 // file system
	Flags uint32 // as open
	Mode  uint16
	Layer Layer
	FMode uint8 // 1 reads, 2 writes; 0 for O_PATH
}

// Layer is the overlay file system layer that holds a file.
type Layer uint8

// The layers.
const (
	LayerNone Layer = iota
	LayerUpper
	LayerLower
)

// Sock describes the socket that a call was about. Ports are in host order,
// addresses as on the wire, 4 or 16 bytes by Family.
type Sock struct {
	Local, Remote         [16]byte
	LocalKey, RemoteKey   uint64 // kernel addresses of a unix socket's ends
	Ino                   uint64
	LocalPort, RemotePort uint16
	Family, Type, Proto   uint16
	State                 uint8
	Role                  Role
	Backlog, MaxBacklog   uint32
}

// Role tells which end of a connection the thread holds.
type Role uint8

// The roles.
const (
	RoleUnknown Role = iota
	RoleClient
	RoleServer
)

// Caps are a thread's capabilities after the call.
type Caps struct{ Inheritable, Permitted, Effective uint64 }

// Exec describes a process right after exec.
type Exec struct {
	Ino                                        uint64
	Ctime, Mtime                               uint64 // nanoseconds since the epoch
	CapInheritable, CapPermitted, CapEffective uint64
	FDLimit                                    uint64
	MajorFaults, MinorFaults                   uint64
	PidnsStart                                 uint64 // start of the namespace's init, nanoseconds since boot
	VMSize                                     uint32 // KiB
	Dev                                        uint32
	Mode                                       uint16
	Layer                                      Layer
	Flags                                      ExecFlags
	Call                                       uint32 // row of the call; NoCall if unknown
}

// ExecFlags are facts about an executable.
type ExecFlags uint8

// The executable flags.
const (
	ExeWritable ExecFlags = 1 << iota // by the user that runs it
	ExeMemfd
)

// Fork describes a new task. The record's head is the child's.
type Fork struct {
	CapInheritable, CapPermitted, CapEffective uint64
	PidnsStart                                 uint64
	ParentTID                                  uint32 // the task that called
	ParentPID                                  uint32
	Flags                                      uint32 // CLONE_ bits that can be seen from the child
	Call                                       uint32 // row of the call; NoCall if unknown
}

// HeadSize is the size of a Head in bytes.
const HeadSize = int(unsafe.Sizeof(Head{}))

// Bounds on what a record carries, in bytes.
const (
	MaxPath   = 4096
	MaxArgs   = 8192
	MaxData   = 256 // of a read or write buffer
	MaxRecord = 48 << 10
)
