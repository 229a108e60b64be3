package process

import "strings"

// FDType is the kind of object behind a descriptor, with the numbers of the
// capture format.
type FDType uint8

// The descriptor types.
const (
	FDUnknown     FDType = 0
	FDFile        FDType = 1
	FDDirectory   FDType = 2
	FDIPv4Sock    FDType = 3
	FDIPv6Sock    FDType = 4
	FDIPv4Serv    FDType = 5
	FDIPv6Serv    FDType = 6
	FDFifo        FDType = 7
	FDUnixSock    FDType = 8
	FDEvent       FDType = 9
	FDUnsupported FDType = 10
	FDSignal      FDType = 11
	FDEventPoll   FDType = 12
	FDInotify     FDType = 13
	FDTimer       FDType = 14
	FDNetlink     FDType = 15
	FDFileV2      FDType = 16
	FDBPF         FDType = 17
	FDUserFault   FDType = 18
	FDIOUring     FDType = 19
	FDMemfd       FDType = 20
	FDPidfd       FDType = 21
)

// IsSocket tells whether t has two ends.
func (t FDType) IsSocket() bool {
	switch t {
	case FDIPv4Sock, FDIPv6Sock, FDIPv4Serv, FDIPv6Serv, FDUnixSock:
		return true
	}
	return false
}

// IsInet tells whether t has addresses and ports.
func (t FDType) IsInet() bool { return t.IsSocket() && t != FDUnixSock }

// L4Proto is a socket's transport protocol, with the numbers of the capture format.
type L4Proto uint8

// The transport protocols.
const (
	L4Unknown L4Proto = iota
	L4NotSocket
	L4TCP
	L4UDP
	L4ICMP
	L4Raw
)

// FD is an open descriptor, or in an event the object that the event is about.
type FD struct {
	Num     int64
	Type    FDType
	Name    string // resolved path; for sockets the text form, built on demand
	NameRaw string // path as the program gave it
	Dev     uint32
	Ino     uint64
	Flags   uint32 // open flags in their event encoding
	Mode    uint32

	// Socket ends. Source is the client, Dest the server, as far as known; of
	// a server socket only Dest is set. Addresses are 4 or 16 raw bytes, empty
	// where unknown.
	SrcIP, DstIP     string
	SrcPort, DstPort uint16
	L4               L4Proto
	UnixSrc, UnixDst uint64 // kernel addresses of a unix socket's ends
	PID              int64  // process of a pidfd

	State FDState

	open  bool
	noted string // name at the last NoteName
	free  freed
}

// freed are strings of a slot's earlier use, for a program that opens the same
// file again and again.
type freed struct{ name, raw, src, dst string }

// FDState are facts about a descriptor.
type FDState uint16

// The descriptor facts.
const (
	FDServer      FDState = 1 << iota // the process owns the server end
	FDClient                          // the process owns the client end
	FDConnected                       // connect succeeded
	FDPending                         // connect in progress
	FDFailed                          // connect failed
	FDNameChanged                     // the current event changed the name
	FDUpperLayer                      // overlayfs upper layer
	FDLowerLayer                      // overlayfs lower layer
	FDFromProc                        // learnt from /proc or a snapshot
	FDCloned                          // inherited from the parent
	FDAsked                           // not open: what a call asked for that has not succeeded
)

// SetName sets the resolved path to a copy of s.
func (f *FD) SetName(s string) { keep(&f.Name, s, f.free.name) }

// SetNameRaw sets the path as the program gave it to a copy of s.
func (f *FD) SetNameRaw(s string) { keep(&f.NameRaw, s, f.free.raw) }

// SetSource sets the client end to a copy of ip.
func (f *FD) SetSource(ip string, port uint16) {
	keep(&f.SrcIP, ip, f.free.src)
	f.SrcPort = port
}

// SetDest sets the server end to a copy of ip.
func (f *FD) SetDest(ip string, port uint16) {
	keep(&f.DstIP, ip, f.free.dst)
	f.DstPort = port
}

// NoteName sets FDNameChanged if the name is another than when it was noted
// last.
func (f *FD) NoteName() {
	f.State &^= FDNameChanged
	if f.Name != f.noted {
		f.State |= FDNameChanged
		f.noted = f.Name
	}
}

// keep sets *to to s, which it copies unless one of the strings at hand is equal.
func keep(to *string, s, spare string) {
	switch s {
	case *to:
	case spare:
		*to = spare
	default:
		*to = strings.Clone(s)
	}
}

// Copy is f with strings of its own.
func (f *FD) Copy() FD {
	c := *f
	for _, s := range []*string{&c.Name, &c.NameRaw, &c.SrcIP, &c.DstIP} {
		*s = strings.Clone(*s)
	}
	c.noted, c.free = "", freed{}
	return c
}

// reuse empties f for descriptor n. The strings stay at hand for setters.
func (f *FD) reuse(n int64) {
	*f = FD{Num: n, open: true, free: freed{f.Name, f.NameRaw, f.SrcIP, f.DstIP}}
}

// HasEnds tells whether these are f's ends.
func (f *FD) HasEnds(src string, srcPort uint16, dst string, dstPort uint16) bool {
	return f.SrcPort == srcPort && f.DstPort == dstPort && f.SrcIP == src && f.DstIP == dst
}

// IsTCP tells whether f is an end of a TCP connection.
func (f *FD) IsTCP() bool {
	return (f.Type == FDIPv4Sock || f.Type == FDIPv6Sock) && f.L4 == L4TCP
}

// Proto is the transport protocol as rules see it: a socket that has neither
// role nor ends has none yet.
func (f *FD) Proto() L4Proto {
	switch f.Type {
	case FDIPv4Serv, FDIPv6Serv:
		return f.L4
	case FDIPv4Sock, FDIPv6Sock:
		if f.L4 == L4Raw || f.State&(FDServer|FDClient) != 0 || f.SrcIP != "" || f.DstIP != "" {
			return f.L4
		}
	}
	return L4NotSocket
}
