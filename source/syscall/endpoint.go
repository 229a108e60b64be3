package syscall

import (
	"encoding/binary"
	"net/netip"
	"strconv"

	"github.com/lannersec/lanner/identity/process"
)

// Address families of the capture format.
const (
	famUnix    = 1
	famInet    = 2
	famInet6   = 10
	famNetlink = 16
)

// Endpoint is one end of a socket. Its texts alias the record.
type Endpoint struct {
	IP   string // 4 or 16 raw bytes
	Port uint16
	Ptr  uint64 // kernel address of a unix socket's end
	Path string
}

// Tuple are the two ends of a connection.
type Tuple struct {
	Family   uint8
	Src, Dst Endpoint // client and server of a TCP connection, sender and receiver of a datagram
}

// parseAddr reads a sockaddr parameter; false where it is empty or cut short.
func parseAddr(b []byte) (family uint8, end Endpoint, ok bool) {
	if len(b) == 0 {
		return 0, end, false
	}
	family, b = b[0], b[1:]
	switch {
	case family == famInet && len(b) >= 6:
		end.IP, end.Port = alias(b[:4]), binary.LittleEndian.Uint16(b[4:])
	case family == famInet6 && len(b) >= 18:
		end.IP, end.Port = alias(b[:16]), binary.LittleEndian.Uint16(b[16:])
	case family == famUnix:
		end.Path = cstring(b)
	default:
		return family, end, false
	}
	return family, end, true
}

// parseTuple reads a socktuple parameter; false where it is empty or cut short.
func parseTuple(b []byte) (t Tuple, ok bool) {
	if len(b) == 0 {
		return t, false
	}
	t.Family, b = b[0], b[1:]
	switch {
	case t.Family == famInet && len(b) >= 12:
		t.Src = Endpoint{IP: alias(b[:4]), Port: binary.LittleEndian.Uint16(b[4:])}
		t.Dst = Endpoint{IP: alias(b[6:10]), Port: binary.LittleEndian.Uint16(b[10:])}
	case t.Family == famInet6 && len(b) >= 36:
		t.Src = Endpoint{IP: alias(b[:16]), Port: binary.LittleEndian.Uint16(b[16:])}
		t.Dst = Endpoint{IP: alias(b[18:34]), Port: binary.LittleEndian.Uint16(b[34:])}
	case t.Family == famUnix && len(b) >= 16:
		t.Src = Endpoint{Ptr: binary.LittleEndian.Uint64(b)}
		t.Dst = Endpoint{Ptr: binary.LittleEndian.Uint64(b[8:]), Path: cstring(b[16:])}
	default:
		return t, false
	}
	return t, true
}

// unmap makes IPv4 ends of IPv4-mapped IPv6 ones, which is what they are for
// rules, if both ends are.
func (t *Tuple) unmap() {
	if t.Family == famInet6 && mapped(t.Src.IP) && mapped(t.Dst.IP) {
		t.Family = famInet
		t.Src.IP, t.Dst.IP = t.Src.IP[12:], t.Dst.IP[12:]
	}
}

// mapped tells whether ip is an IPv4 address in IPv6 form.
func mapped(ip string) bool {
	return len(ip) == 16 && ip[:10] == "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" && ip[10:12] == "\xff\xff"
}

// AppendEndpoint appends an address and port as fd.name shows them.
func AppendEndpoint(b []byte, ip string, port uint16) []byte {
	b = appendIP(b, ip)
	b = append(b, ':')
	return strconv.AppendUint(b, uint64(port), 10)
}

func appendIP(b []byte, ip string) []byte {
	var raw [16]byte
	addr, ok := netip.AddrFromSlice(raw[:copy(raw[:], ip)])
	if !ok {
		return b
	}
	return addr.AppendTo(b)
}

// AppendSocketName appends the name of a socket, made from its ends.
func AppendSocketName(b []byte, fd *process.FD) []byte {
	switch fd.Type {
	case process.FDIPv4Serv, process.FDIPv6Serv:
		return AppendEndpoint(b, fd.DstIP, fd.DstPort)
	case process.FDIPv4Sock, process.FDIPv6Sock:
		return appendConnection(b, fd)
	case process.FDUnixSock:
		return appendUnixName(b, fd.UnixSrc, fd.UnixDst, fd.NameRaw)
	}
	return b
}

// appendConnection appends both ends. Only protocols that are known tell
// whether there are ports.
func appendConnection(b []byte, fd *process.FD) []byte {
	switch fd.L4 {
	case process.L4TCP, process.L4UDP:
		b = AppendEndpoint(b, fd.SrcIP, fd.SrcPort)
		b = append(b, "->"...)
		return AppendEndpoint(b, fd.DstIP, fd.DstPort)
	case process.L4ICMP:
		b = appendIP(b, fd.SrcIP)
		b = append(b, "->"...)
		return appendIP(b, fd.DstIP)
	}
	return append(b, "<unresolved>"...)
}

// appendUnixName appends the kernel addresses of both ends and the path.
func appendUnixName(b []byte, src, dst uint64, path string) []byte {
	b = strconv.AppendUint(b, src, 16)
	b = append(b, "->"...)
	b = strconv.AppendUint(b, dst, 16)
	b = append(b, ' ')
	return append(b, path...)
}

// appendTuple appends a tuple as a parameter shows it, whatever its protocol.
func appendTuple(b []byte, t *Tuple) []byte {
	if t.Family == famUnix {
		return appendUnixName(b, t.Src.Ptr, t.Dst.Ptr, t.Dst.Path)
	}
	b = AppendEndpoint(b, t.Src.IP, t.Src.Port)
	b = append(b, "->"...)
	return AppendEndpoint(b, t.Dst.IP, t.Dst.Port)
}
