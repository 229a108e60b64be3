package syscall

import (
	"encoding/binary"
	"unsafe"

	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/process"
)

func putUint64(b []byte, n uint64) { binary.LittleEndian.PutUint64(b, n) }

// liveEnds are the two ends of a live socket: the thread's and the other one.
type liveEnds struct {
	family        uint8
	local, remote Endpoint
}

// ends reads both ends from the kernel's socket. An address that the call named
// stands in where the socket has no other end of its own.
func (d *LiveDecoder) ends() liveEnds {
	s := &d.sock
	v := liveEnds{family: uint8(s.Family)}
	switch s.Family {
	case famInet, famInet6:
		v.local = Endpoint{IP: endIP(&s.Local, s.Family), Port: s.LocalPort}
		v.remote = Endpoint{IP: endIP(&s.Remote, s.Family), Port: s.RemotePort}
		if v.remote.Port == 0 {
			if family, end, ok := d.address(); ok && (family == famInet || family == famInet6) {
				v.remote = sameFamily(end, s.Family)
			}
		}
	case famUnix:
		v.local, v.remote = Endpoint{Ptr: s.LocalKey}, Endpoint{Ptr: s.RemoteKey}
		path := unixPath(d.rec.sections[abi.SecUnix])
		if _, end, ok := d.address(); ok && path == "" {
			path = end.Path
		}
		v.local.Path, v.remote.Path = path, path
	}
	return v
}

// sameFamily drops an address that does not fit the socket's family, as a
// tuple has room for one family only.
func sameFamily(end Endpoint, family uint16) Endpoint {
	if family == famInet && len(end.IP) == 16 {
		if !mapped(end.IP) {
			return Endpoint{}
		}
		end.IP = end.IP[12:]
	}
	if family == famInet6 && len(end.IP) == 4 {
		return Endpoint{}
	}
	return end
}

// endIP is an address of the socket as 4 or 16 raw bytes; it aliases a.
func endIP(a *[16]byte, family uint16) string {
	n := 16
	if family == famInet {
		n = 4
	}
	return unsafe.String(&a[0], n)
}

// address is the address that the program passed or received.
func (d *LiveDecoder) address() (family uint8, end Endpoint, ok bool) {
	b := d.rec.sections[abi.SecAddr]
	if len(b) < 2 {
		return 0, end, false
	}
	native := binary.LittleEndian.Uint16(b)
	switch {
	case native == famInet && len(b) >= 8:
		return famInet, Endpoint{Port: binary.BigEndian.Uint16(b[2:]), IP: alias(b[4:8])}, true
	case native == famInet6 && len(b) >= 24:
		return famInet6, Endpoint{Port: binary.BigEndian.Uint16(b[2:]), IP: alias(b[8:24])}, true
	case native == famUnix:
		return famUnix, Endpoint{Path: unixPath(b[2:])}, true
	}
	return uint8(native), end, false
}

// unixPath is the path of a unix socket's address; that of an abstract one goes
// without the NUL in front.
func unixPath(b []byte) string {
	if len(b) > 1 && b[0] == 0 {
		b = b[1:]
	}
	return cstring(b)
}

// socketParam appends a parameter that tells of a socket.
func (d *LiveDecoder) socketParam(e *Event, p abi.Param) {
	switch p.Op {
	case abi.OpSocketFamily:
		d.add32(e, uint32(d.arg(p.Arg)))
	case abi.OpCap:
		d.capParam(e, p.Arg)
	case abi.OpSockoptLevel:
		d.add8(e, sockoptLevel(d.arg(p.Arg)))
	case abi.OpAddr:
		family, end, ok := d.address()
		d.addTuple(e, ok, family, end)
	case abi.OpTuple, abi.OpTupleTo:
		v := d.ends()
		if d.call2server(e) {
			v.local, v.remote = v.remote, v.local
		}
		d.addTuple(e, d.hasSock, v.family, v.local, v.remote)
	case abi.OpTupleFrom:
		v := d.ends()
		d.addTuple(e, d.hasSock, v.family, v.remote, v.local)
	case abi.OpQueuePct, abi.OpQueueLen, abi.OpQueueMax:
		d.queueParam(e, p.Op)
	default:
		e.AddParam(nil)
	}
}

// call2server tells whether the event's tuple has the other end first: accept
// shows the client before the server.
func (d *LiveDecoder) call2server(e *Event) bool {
	return e.Info.Num == EvAcceptX || e.Info.Num == EvAccept4X
}

func sockoptLevel(level uint64) uint8 {
	switch level {
	case 1:
		return 1
	case protoTCP:
		return 2
	}
	return 0
}

func (d *LiveDecoder) queueParam(e *Event, op abi.Op) {
	switch {
	case !d.hasSock:
		e.AddParam(nil)
	case op == abi.OpQueueLen:
		d.add32(e, d.sock.Backlog)
	case op == abi.OpQueueMax:
		d.add32(e, d.sock.MaxBacklog)
	case d.sock.MaxBacklog == 0:
		d.add8(e, 0)
	default:
		d.add8(e, uint8(min(100, uint64(d.sock.Backlog)*100/uint64(d.sock.MaxBacklog))))
	}
}

// addTuple appends a sockaddr (one end) or socktuple (two ends) parameter.
func (d *LiveDecoder) addTuple(e *Event, ok bool, family uint8, ends ...Endpoint) {
	if !ok || family != famInet && family != famInet6 && family != famUnix {
		e.AddParam(nil)
		return
	}
	b := append(e.Head.Scratch.Buffer(maxTuple), family)
	for i := range ends {
		switch {
		case family != famUnix:
			b = appendEnd(b, family, &ends[i])
		case len(ends) == 2:
			b = binary.LittleEndian.AppendUint64(b, ends[i].Ptr)
		}
	}
	if family == famUnix {
		path := ends[len(ends)-1].Path
		b = append(append(b, path[:min(len(path), maxUnixPath)]...), 0)
	}
	e.AddParam(keepBytes(&e.Head.Scratch, b))
}

const (
	maxUnixPath = 128
	maxTuple    = 1 + 16 + maxUnixPath + 1
)

// appendEnd appends an address and port; an unknown address is all zeros.
func appendEnd(b []byte, family uint8, end *Endpoint) []byte {
	size := 16
	if family == famInet {
		size = 4
	}
	b = append(b, end.IP[:min(len(end.IP), size)]...)
	for n := len(end.IP); n < size; n++ {
		b = append(b, 0)
	}
	return binary.LittleEndian.AppendUint16(b, end.Port)
}

// socketObject describes the socket that the call was about.
func (d *LiveDecoder) socketObject(e *Event, c *abi.Call) {
	fd := &d.fd
	*fd = process.FD{
		Type: socketType(uint64(d.sock.Family)), Ino: d.sock.Ino,
		Flags: openFlags(d.file.Flags), Dev: userDev(d.file.Dev), Mode: uint32(d.file.Mode),
	}
	fd.Num = int64(extend(d.arg(c.Object.Arg)))
	if c.Object.Kind == abi.ObjectRet {
		fd.Num = d.rec.Ret
	}
	e.FD = fd
	e.Thread.LastFD = fd.Num
	v := d.ends()
	if fd.Type == process.FDUnixSock {
		d.unixObject(e, &v)
		return
	}
	if !fd.Type.IsInet() {
		return
	}
	fd.L4 = transport(uint64(d.sock.Type), uint64(d.sock.Proto))
	d.inetObject(e, &v)
}

func (d *LiveDecoder) unixObject(e *Event, v *liveEnds) {
	fd := e.FD
	fd.UnixSrc, fd.UnixDst, fd.NameRaw = v.local.Ptr, v.remote.Ptr, v.remote.Path
	fd.Name = fd.NameRaw
	if v.local.Ptr != 0 && v.remote.Ptr != 0 {
		fd.Name = e.Head.Scratch.Text(AppendSocketName(e.Head.Scratch.Buffer(maxTuple), fd))
	}
	fd.State |= d.role(e)
	if d.connected() {
		fd.State |= process.FDConnected
	}
}

// inetObject orders the ends by who is the client, and names the socket.
func (d *LiveDecoder) inetObject(e *Event, v *liveEnds) {
	fd := e.FD
	if fd.Type == process.FDIPv6Sock && mapped(v.local.IP) && (mapped(v.remote.IP) || v.remote.Port == 0) {
		fd.Type = process.FDIPv4Sock
		v.local.IP = v.local.IP[12:]
		if v.remote.IP != "" {
			v.remote.IP = v.remote.IP[12:]
		}
	}
	role := d.role(e)
	fd.State |= role
	switch {
	case v.remote.Port == 0 && v.local.Port == 0:
		return // as socket made it
	case v.remote.Port == 0:
		fd.Type += process.FDIPv4Serv - process.FDIPv4Sock
		fd.DstIP, fd.DstPort = v.local.IP, v.local.Port
	case role == process.FDServer:
		fd.SrcIP, fd.SrcPort, fd.DstIP, fd.DstPort = v.remote.IP, v.remote.Port, v.local.IP, v.local.Port
	default:
		fd.SrcIP, fd.SrcPort, fd.DstIP, fd.DstPort = v.local.IP, v.local.Port, v.remote.IP, v.remote.Port
	}
	if d.connected() {
		fd.State |= process.FDConnected
	}
	fd.Name = e.Head.Scratch.Text(AppendSocketName(e.Head.Scratch.Buffer(maxTuple), fd))
	fd.NameRaw = fd.Name
}

// role is the thread's end of the connection: as the call tells, else as the
// kernel's socket does.
func (d *LiveDecoder) role(e *Event) process.FDState {
	switch e.Info.Num {
	case EvConnectX:
		return process.FDClient
	case EvAcceptX, EvAccept4X, EvListenX:
		return process.FDServer
	}
	switch d.sock.Role {
	case abi.RoleClient:
		return process.FDClient
	case abi.RoleServer:
		return process.FDServer
	}
	return 0
}

// connected tells whether the call left the socket connected or connecting.
func (d *LiveDecoder) connected() bool {
	return d.rec.Ret >= 0 && d.sock.RemotePort != 0 || d.sock.RemoteKey != 0 || d.rec.Ret == errInProgress
}
