// Package process is the process table: who runs on the host, with lineage.
// It is fed by lineage events (fork, exec, exit), by a snapshot at start, and
// healed from the identity that every event carries.
//
// A Table and all that it hands out belong to one goroutine; only the counters
// of Table.Stats may be read from elsewhere.
package process

import (
	"math"

	"github.com/lannersec/lanner/identity/container"
)

// NoLoginUID is the login uid of a thread that stems from no login.
const NoLoginUID = math.MaxUint32

// Thread is one thread; its process is its thread group (Process). The strings
// belong to the table: the setters copy, readers never need to. A clone shares
// its parent's strings until it changes them.
type Thread struct {
	TID, PID int64 // host pid namespace; -1 where unknown
	PTID     int64 // the parent as the kernel sees it now: a dead parent's place is taken by the reaper
	VTID     int64 // in the innermost pid namespace
	VPID     int64
	SID      int64 // session leader, innermost pid namespace
	VPGID    int64 // process group, innermost pid namespace
	PGID     int64 // process group, host pid namespace

	Comm    string // name given at exec; a later prctl does not change it
	Exe     string // argv[0]
	ExePath string // resolved by the kernel, without its " (deleted)"
	Args    []string
	Env     []string

	UID, GID                                   uint32
	LoginUID                                   uint32 // NoLoginUID: never logged in
	TTY                                        uint32 // 0: none
	CapInheritable, CapPermitted, CapEffective uint64

	Flags    Flags // as cloned, and table state
	FDLimit  int64
	ReaperID int64 // tid that takes the children over, as the exit event told; -1 unknown

	ExeIno                                                  uint64
	ExeInoCtime                                             uint64 // ns since the epoch
	ExeInoMtime                                             uint64
	ExeWritable, ExeUpperLayer, ExeLowerLayer, ExeFromMemfd bool
	ExeDeleted                                              bool // the file was gone when the kernel named it

	// StartTime is the kernel's start time of the thread group's leader in ns
	// since boot: with PID it names a process for good. 0 in captures.
	StartTime          uint64
	CloneTime          uint64 // ns since the epoch
	ExecTime           uint64 // last exec; CloneTime's meaning for proc.duration stands with the field
	LastSeen           uint64 // time of the last event
	PrevSeen           uint64 // time of the event before that; 0 for none
	PidnsInitStartTime uint64

	Cgroups  []string // subsystem=path
	CgroupID uint64
	// Container is the container that the thread is in; nil until somebody
	// looked its cgroup up, which reads as the host.
	Container *container.Info

	VMSizeKB, VMRSSKB, VMSwapKB uint32
	PFMajor, PFMinor            uint64

	LastFD int64 // descriptor that the last event named; -1 for none

	// Private is the event source's own memory of the thread. Clones have none.
	Private any

	// FDs is the descriptor table that captures and scripts maintain, shared
	// with the threads that CLONE_FILES binds to it. Live capture leaves it
	// nil, because the kernel tells with each event.
	FDs *FDTable

	fs       *dirs
	group    *Group
	parent   *Thread // in the table, or nil
	creator  *Thread // who cloned it; may have left the table
	children members
	gone     bool   // left the table
	version  uint32 // counts changes of what derived text is made from
	derived  derived
}

// dirs are what CLONE_FS shares.
type dirs struct{ cwd, root string }

// IsLeader tells whether t is its process's main thread.
func (t *Thread) IsLeader() bool { return t.TID == t.PID }

// Valid tells whether the table knows more of t than its tid.
func (t *Thread) Valid() bool { return t.TID >= 0 && t.PID >= 0 && t.PTID >= 0 }

// Dead tells whether t has exited; a dead leader stays in the table until its
// last thread is gone.
func (t *Thread) Dead() bool { return t.Flags&Closed != 0 }

// InPidNamespace tells whether t lives in a pid namespace below the host's.
func (t *Thread) InPidNamespace() bool {
	return t.Flags&ChildInPidns != 0 || t.TID != t.VTID
}

// Group is the process that t is a thread of; nil for a thread that is not
// Valid.
func (t *Thread) Group() *Group { return t.group }

// Leader is the main thread of t's process; nil where the table does not know it.
func (t *Thread) Leader() *Thread {
	if t.IsLeader() {
		return t
	}
	if t.group == nil {
		return nil
	}
	return t.group.leader
}

// Cwd is the working directory, ending in /; empty where unknown, and relative
// to itself for a thread that is not Valid.
func (t *Thread) Cwd() string {
	if !t.Valid() {
		return "./"
	}
	if t.fs == nil {
		return ""
	}
	return t.fs.cwd
}

// Root is the root directory; empty where unknown.
func (t *Thread) Root() string {
	if t.fs == nil {
		return ""
	}
	return t.fs.root
}

// Version changes whenever a setter changed the names, arguments, environment
// or directories of t; caches of derived text compare it.
func (t *Thread) Version() uint32 { return t.version }
