package process

// fdTypes has the name and the letter of each descriptor type.
var fdTypes = [...]struct {
	name string
	char byte
}{
	FDUnknown:     {unknownName, 'o'},
	FDFile:        {"file", 'f'},
	FDDirectory:   {"directory", 'd'},
	FDIPv4Sock:    {"ipv4", '4'},
	FDIPv6Sock:    {"ipv6", '6'},
	FDIPv4Serv:    {"ipv4", '4'},
	FDIPv6Serv:    {"ipv6", '6'},
	FDFifo:        {"pipe", 'p'},
	FDUnixSock:    {"unix", 'u'},
	FDEvent:       {"event", 'e'},
	FDUnsupported: {unknownName, 'X'},
	FDSignal:      {"signalfd", 's'},
	FDEventPoll:   {"eventpoll", 'l'},
	FDInotify:     {"inotify", 'i'},
	FDTimer:       {"timerfd", 't'},
	FDNetlink:     {"netlink", 'n'},
	FDFileV2:      {"file", 'f'},
	FDBPF:         {"bpf", 'b'},
	FDUserFault:   {"userfaultfd", 'u'},
	FDIOUring:     {"io_uring", 'r'},
	FDMemfd:       {"memfd", 'm'},
	FDPidfd:       {"pidfd", 'P'},
}

// FDTypes is how many types of descriptors there are.
const FDTypes = len(fdTypes)

// unknownName is the name of what has none.
const unknownName = "<NA>"

// String is the type's name, as rules write it.
func (t FDType) String() string {
	if int(t) >= len(fdTypes) {
		return unknownName
	}
	return fdTypes[t].name
}

// Char is the type's letter, as rules write it.
func (t FDType) Char() byte {
	if int(t) >= len(fdTypes) {
		return 'o'
	}
	return fdTypes[t].char
}

// Letter is Char as a string.
func (t FDType) Letter() string {
	c := t.Char()
	return letters[c-'!' : c-'!'+1]
}

// letters are the printing characters, so that one of them can be had as a
// string without making it.
const letters = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// l4Protos has the name and the letter of each transport.
var l4Protos = [...]struct {
	name string
	char byte
}{
	L4Unknown:   {unknownName, 0},
	L4NotSocket: {unknownName, 0},
	L4TCP:       {"tcp", 't'},
	L4UDP:       {"udp", 'u'},
	L4ICMP:      {"icmp", 'i'},
	L4Raw:       {"raw", 'r'},
}

// String is the transport's name, as rules write it.
func (p L4Proto) String() string {
	if int(p) >= len(l4Protos) {
		return unknownName
	}
	return l4Protos[p].name
}

// Char is the transport's letter, 0 for one that is not known.
func (p L4Proto) Char() byte {
	if int(p) >= len(l4Protos) {
		return 0
	}
	return l4Protos[p].char
}
