package syscall

import (
	"github.com/lannersec/lanner/identity/process"
)

// What socket calls name their protocol with.
const (
	sockStream = 1
	sockDgram  = 2
	sockRaw    = 3

	protoIP   = 0
	protoICMP = 1
	protoTCP  = 6
	protoUDP  = 17
	protoRaw  = 255

	errInProgress = -115
)

func (s *State) socket(e *Event) {
	s.addSocket(e, e.Int(0), e.Uint(1), e.Uint(2), e.Uint(3))
}

func (s *State) addSocket(e *Event, n int64, domain, kind, proto uint64) {
	fd := s.open(e, n, socketType(domain))
	if fd != nil && fd.Type.IsInet() {
		fd.L4 = transport(kind, proto)
	}
}

func socketType(domain uint64) process.FDType {
	switch domain {
	case famUnix:
		return process.FDUnixSock
	case famInet:
		return process.FDIPv4Sock
	case famInet6:
		return process.FDIPv6Sock
	case famNetlink:
		return process.FDNetlink
	}
	return process.FDUnknown
}

// transport is the protocol of an inet socket. The kind may carry flags.
func transport(kind, proto uint64) process.L4Proto {
	switch {
	case proto == protoRaw:
		return process.L4Raw
	case proto == protoIP && kind&0xff == sockStream:
		return process.L4TCP
	case proto == protoIP && kind&0xff == sockDgram:
		return process.L4UDP
	case proto == protoIP:
		return process.L4Unknown
	case kind&0xff == sockRaw && (proto == protoTCP || proto == protoUDP || proto == protoICMP):
		return process.L4Raw
	case proto == protoTCP:
		return process.L4TCP
	case proto == protoUDP:
		return process.L4UDP
	case proto == protoICMP:
		return process.L4ICMP
	}
	return process.L4Unknown
}

// socketpair opens two ends; the event is about the first.
func (s *State) socketpair(e *Event) {
	one, two := e.Int(1), e.Int(2)
	if !succeeded(e) || one == two {
		e.FD = nil
		return
	}
	for _, n := range [...]int64{two, one} {
		if fd := s.open(e, n, process.FDUnixSock); fd != nil {
			fd.UnixSrc, fd.UnixDst = e.Uint(3), e.Uint(4)
		}
	}
}

// bind makes a socket with a port a server's.
func (s *State) bind(e *Event) {
	if !succeeded(e) || e.FD == nil {
		return
	}
	fam, end, ok := parseAddr(e.Param(1))
	if !ok {
		return
	}
	if fam == famUnix {
		e.FD.SetName(end.Path)
		return
	}
	name := end
	if mapped(end.IP) {
		fam, end.IP = famInet, end.IP[12:]
	}
	if end.Port > 0 {
		e.FD.Type = process.FDIPv4Serv
		if fam == famInet6 {
			e.FD.Type = process.FDIPv6Serv
		}
		e.FD.SetDest(end.IP, end.Port)
		e.FD.State |= process.FDServer
	}
	s.name(e.FD, func(b []byte) []byte { return AppendEndpoint(b, name.IP, name.Port) })
}

// connect makes a socket a client's.
func (s *State) connect(e *Event) {
	res := e.Int(0)
	if e.FD == nil || res < 0 && res != errInProgress {
		return
	}
	e.FD.State = e.FD.State&^(process.FDPending|process.FDFailed) | process.FDConnected
	asked := enterAddr(e)
	t, ok := parseTuple(e.Param(1))
	if !ok {
		s.connectTo(e, asked)
		return
	}
	trustAddr(e, &t, asked)
	if t.Family == famUnix {
		e.FD.UnixSrc, e.FD.UnixDst = t.Src.Ptr, t.Dst.Ptr
		s.name(e.FD, func(b []byte) []byte { return appendTuple(b, &t) })
	} else {
		s.connectInet(e.FD, &t)
	}
	if e.FD.State&(process.FDServer|process.FDClient) == 0 {
		e.FD.State |= process.FDClient
	}
}

func (s *State) connectInet(fd *process.FD, t *Tuple) {
	t.unmap()
	changed := setEnds(fd, t)
	if changed && fd.State&process.FDServer != 0 && fd.L4 == process.L4UDP {
		swapEnds(fd)
	}
	s.name(fd, func(b []byte) []byte { return AppendSocketName(b, fd) })
}

// enterAddr is the address parameter of the call's enter event.
func enterAddr(e *Event) []byte {
	if in := enterOf(e); in != nil {
		return in.Param(1)
	}
	return nil
}

// trustAddr prefers the address that the program gave when it entered the call.
// Where the tuple's end differs from the address that the exit event read from
// the program, it comes from the kernel, and is right.
func trustAddr(e *Event, t *Tuple, asked []byte) {
	_, now, ok1 := parseAddr(e.Param(3))
	fam, then, ok2 := parseAddr(asked)
	if ok1 && ok2 && fam == t.Family &&
		now.IP == t.Dst.IP && now.Port == t.Dst.Port && now.Path == t.Dst.Path {
		then.Ptr = t.Dst.Ptr
		t.Dst = then
	}
}

// connectTo sets the server end alone, for a connection whose ends are not
// known at the exit.
func (s *State) connectTo(e *Event, addr []byte) {
	fam, end, ok := parseAddr(addr)
	if !ok || fam == famUnix {
		return
	}
	e.FD.Type = process.FDIPv6Sock
	if mapped(end.IP) {
		fam, end.IP = famInet, end.IP[12:]
	}
	if fam == famInet {
		e.FD.Type = process.FDIPv4Sock
	}
	e.FD.SetDest(end.IP, end.Port)
}

// accept opens the server's end of a new connection.
func (s *State) accept(e *Event) {
	n := e.Int(0)
	if n < 0 || !e.HasParam(0) {
		return
	}
	e.Thread.LastFD = n
	t, ok := parseTuple(e.Param(1))
	if !ok {
		return
	}
	name := t
	t.unmap()
	fd := s.open(e, n, socketType(uint64(t.Family)))
	if fd == nil {
		return
	}
	if t.Family == famUnix {
		fd.UnixSrc, fd.UnixDst = t.Src.Ptr, t.Dst.Ptr
	} else {
		setEnds(fd, &t)
		fd.L4 = process.L4TCP
	}
	fd.State = process.FDServer | process.FDConnected
	s.name(fd, func(b []byte) []byte { return appendTuple(b, &name) })
}

// receive is a call that reads; tuple is the index of the parameter with the
// ends of the connection, -1 for none.
func receive(tuple int) transition {
	return func(s *State, e *Event) {
		if s.transfer(e) && tuple >= 0 {
			s.learnEnds(e, tuple, process.FDClient)
		}
	}
}

// send is a call that writes. A datagram may be sent through a socket whose
// creation was lost: then it is known now.
func send(tuple int) transition {
	return func(s *State, e *Event) {
		if tuple >= 0 && e.FD == nil && succeeded(e) && e.HasParam(0) {
			s.inferSocket(e, tuple)
		}
		if s.transfer(e) && tuple >= 0 {
			s.learnEnds(e, tuple, process.FDServer)
		}
	}
}

func (s *State) inferSocket(e *Event, tuple int) {
	t, ok := parseTuple(e.Param(tuple))
	fd := fdParam(e.Info)
	if ok && t.Family != famUnix && e.HasParam(fd) {
		s.addSocket(e, e.Int(fd), uint64(t.Family), sockDgram, protoUDP)
	}
}

// transfer notes that data went through the event's descriptor.
func (s *State) transfer(e *Event) bool {
	if e.FD == nil || !succeeded(e) || !e.HasParam(0) {
		return false
	}
	if e.FD.Type == process.FDIPv4Sock || e.FD.Type == process.FDIPv6Sock {
		e.FD.State |= process.FDConnected
	}
	return true
}

// learnEnds takes the ends of a socket that is not a TCP connection, or whose
// connection was not seen, from a transfer. The ends are sender and receiver:
// swapped is the role that has them the other way round.
func (s *State) learnEnds(e *Event, tuple int, swapped process.FDState) {
	fd := e.FD
	if fd.Name != "" && fd.IsTCP() {
		return
	}
	t, ok := parseTuple(e.Param(tuple))
	if !ok {
		return
	}
	if t.Family == famUnix {
		fd.Type = process.FDUnixSock
		fd.UnixSrc, fd.UnixDst = t.Src.Ptr, t.Dst.Ptr
		s.name(fd, func(b []byte) []byte { return appendTuple(b, &t) })
		return
	}
	t.unmap()
	if !setEnds(fd, &t) {
		return
	}
	if fd.L4 == process.L4Unknown {
		fd.L4 = process.L4UDP
	}
	s.completeEnds(fd)
	if fd.State&(process.FDServer|process.FDClient) == 0 {
		fd.State |= guessRole(swapped == process.FDClient)
	}
	if fd.State&swapped != 0 {
		swapEnds(fd)
	}
	s.name(fd, func(b []byte) []byte { return AppendSocketName(b, fd) })
}

// completeEnds gives a datagram socket that is bound to no address the one that
// its datagrams leave from.
func (s *State) completeEnds(fd *process.FD) {
	switch {
	case s.Near == nil:
	case unspecified(fd.SrcIP):
		fd.SetSource(s.Near(fd.DstIP), fd.SrcPort)
	case unspecified(fd.DstIP):
		fd.SetDest(s.Near(fd.SrcIP), fd.DstPort)
	}
}

// unspecified tells whether ip is absent or all zeros.
func unspecified(ip string) bool {
	for i := range len(ip) {
		if ip[i] != 0 {
			return false
		}
	}
	return true
}

// guessRole is the role of a socket that neither bind nor connect told: a
// server starts with reading, a client with writing.
func guessRole(reading bool) process.FDState {
	if reading {
		return process.FDServer
	}
	return process.FDClient
}

// setEnds gives a socket the ends of t and tells whether that changed anything;
// the same ends the other way round are no change.
func setEnds(fd *process.FD, t *Tuple) bool {
	kind := socketType(uint64(t.Family))
	same := fd.Type == kind
	fd.Type = kind
	if same && (fd.HasEnds(t.Src.IP, t.Src.Port, t.Dst.IP, t.Dst.Port) ||
		fd.HasEnds(t.Dst.IP, t.Dst.Port, t.Src.IP, t.Src.Port)) {
		return false
	}
	fd.SetSource(t.Src.IP, t.Src.Port)
	fd.SetDest(t.Dst.IP, t.Dst.Port)
	return true
}

func swapEnds(fd *process.FD) {
	fd.SrcIP, fd.DstIP = fd.DstIP, fd.SrcIP
	fd.SrcPort, fd.DstPort = fd.DstPort, fd.SrcPort
}
