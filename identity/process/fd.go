package process

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

	// Socket ends. Source is the client, Dest the server, as far as known.
	// Addresses are 4 or 16 raw bytes, empty where unknown.
	SrcIP, DstIP     string
	SrcPort, DstPort uint16
	L4               L4Proto
	UnixSrc, UnixDst uint64 // kernel addresses of a unix socket's ends

	State FDState
}

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
)
