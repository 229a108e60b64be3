package process

// Flags are a thread's clone flags in the capture format's encoding, and table
// state in the bits that the format reserves for it.
type Flags uint32

// The flags that the table acts on.
const (
	CloneFiles    Flags = 1 << 0
	CloneFS       Flags = 1 << 1
	CloneNewPID   Flags = 1 << 6
	CloneParent   Flags = 1 << 8
	CloneThread   Flags = 1 << 13
	CloneInverted Flags = 1 << 16 // the child's return was seen before the caller's
	NameChanged   Flags = 1 << 17
	Closed        Flags = 1 << 18 // exited
	CloneVFork    Flags = 1 << 27
	ChildInPidns  Flags = 1 << 29 // the child is in a pid namespace below the host's
)
