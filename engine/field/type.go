package field

// Type is the declared type of a field or event parameter. It decides which
// operators and constants a condition may use with it and how it is shown.
// The set is that of the rule language's reference implementation.
type Type uint8

// The types.
const (
	NoType Type = iota
	Charbuf
	FSPath    // text that is a path
	FSRelPath // text that is a path relative to a directory parameter
	Bytebuf
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	Bool
	Double
	RelTime // nanoseconds
	AbsTime // nanoseconds since the epoch
	FD
	PID
	UID
	GID
	Errno
	SyscallID
	SigType
	L4Proto
	SockFamily
	Port
	Mode
	Flags8
	Flags16
	Flags32
	EnumFlags8
	EnumFlags16
	EnumFlags32
	SockAddr
	SockTuple
	FDList
	IPv4Addr
	IPv6Addr
	IPAddr
	IPv4Net
	IPv6Net
	IPNet
	CharbufArray
	CharbufPairArray
	Dyn // decided by the event
	SigSet
	FD32
	PID32
)
