// Package process is the process table: who runs on the host, with lineage.
// It is fed by lineage events (fork, exec, exit), by a snapshot at start, and
// healed from the identity that every event carries.
package process

// Thread is one thread; a process is its main thread (TID == PID), which holds
// what all threads of a process share. The strings belong to the table: its
// setters copy, readers never need to.
type Thread struct {
	TID, PID int64 // host pid namespace
	PTID     int64 // the parent as the kernel sees it now: a dead parent's place is taken by the reaper
	VTID     int64 // in the innermost pid namespace
	VPID     int64
	SID      int64 // session leader, innermost pid namespace
	VPGID    int64 // process group, innermost pid namespace
	PGID     int64 // process group, host pid namespace

	Comm    string // name given at exec; a later prctl does not change it
	Exe     string // argv[0]
	ExePath string // resolved by the kernel, " (deleted)" kept
	Args    []string
	Env     []string
	Cwd     string // ends in /
	Root    string

	UID, GID                                   uint32
	LoginUID                                   uint32 // 0xffffffff: never logged in
	TTY                                        uint32 // 0: none
	CapInheritable, CapPermitted, CapEffective uint64

	Flags   Flags // as cloned, and table state
	FDLimit int64

	ExeIno                                                  uint64
	ExeInoCtime                                             uint64 // ns since the epoch
	ExeInoMtime                                             uint64
	ExeWritable, ExeUpperLayer, ExeLowerLayer, ExeFromMemfd bool

	CloneTime          uint64 // ns since the epoch
	ExecTime           uint64 // last exec; CloneTime's meaning for proc.duration stands with the field
	PidnsInitStartTime uint64

	Cgroups  []string // subsystem=path
	CgroupID uint64

	VMSizeKB, VMRSSKB, VMSwapKB uint32
	PFMajor, PFMinor            uint64

	// FDs is the descriptor table that captures and scripts maintain; live
	// capture leaves it nil, because the kernel tells with each event.
	FDs map[int64]*FD
}

// Flags are a thread's clone flags in their event encoding, and table state.
type Flags uint32
