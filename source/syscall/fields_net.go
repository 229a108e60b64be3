package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/process"
)

// Flags of fields that match either end, and of networks.
const (
	eitherEnd = field.EitherEnd | field.FilterOnly | field.NoRHS | field.NoTransformer
	network   = field.FilterOnly | field.NoRHS | field.NoTransformer
	hostName  = field.NoRHS | field.NoTransformer
)

var netFields = []field.Definition{
	{Name: "fd.ip", Type: field.IPAddr, Flags: eitherEnd, Desc: "Address of either end.", Get: bothIPs},
	{Name: "fd.cip", Type: field.IPAddr, Desc: "Address of the client.", Get: ipOf(client)},
	{Name: "fd.sip", Type: field.IPAddr, Desc: "Address of the server.", Get: ipOf(server)},
	{Name: "fd.lip", Type: field.IPAddr, Desc: "Address of the near end.", Get: ipOf(near)},
	{Name: "fd.rip", Type: field.IPAddr, Desc: "Address of the far end.", Get: ipOf(far)},
	{Name: "fd.port", Type: field.Port, Flags: eitherEnd, Desc: "Port of either end.", Get: bothPorts},
	{Name: "fd.cport", Type: field.Port, Desc: "Port of the client.", Get: portOf(client)},
	{Name: "fd.sport", Type: field.Port, Desc: "Port of the server.", Get: portOf(server)},
	{Name: "fd.lport", Type: field.Port, Desc: "Port of the near end.", Get: portOf(near)},
	{Name: "fd.rport", Type: field.Port, Desc: "Port of the far end.", Get: portOf(far)},
	{Name: "fd.net", Type: field.IPNet, Flags: network | field.EitherEnd, Desc: "Network of either end.", Get: bothIPs},
	{Name: "fd.cnet", Type: field.IPNet, Flags: network, Desc: "Network of the client.", Get: ipOf(client)},
	{Name: "fd.snet", Type: field.IPNet, Flags: network, Desc: "Network of the server.", Get: ipOf(server)},
	{Name: "fd.lnet", Type: field.IPNet, Flags: network, Desc: "Network of the near end.", Get: ipOf(near)},
	{Name: "fd.rnet", Type: field.IPNet, Flags: network, Desc: "Network of the far end.", Get: ipOf(far)},
	{Name: "fd.l4proto", Type: field.Charbuf, Desc: "Transport: tcp, udp, icmp, raw; <NA> for what is no socket.",
		Get: descriptor(func(fd *process.FD) event.Value { return event.Text(fd.Proto().String()) })},
	{Name: "fd.sockfamily", Type: field.Charbuf, Desc: "ip or unix, for sockets.", Get: descriptor(socketFamily)},
	{Name: "fd.is_server", Type: field.Bool, Desc: "Whether the process has the server's end.", Get: isServer},
	{Name: "fd.connected", Type: field.Bool, Desc: "Whether the socket is connected.", Get: fdState(process.FDConnected)},
	{Name: "fd.proto", Type: field.Port, Flags: eitherEnd, Desc: "Service of either end's port.", Get: bothPorts},
	{Name: "fd.cproto", Type: field.Charbuf, Desc: "Service that the client's port is assigned to.", Get: serviceOf(client)},
	{Name: "fd.sproto", Type: field.Charbuf, Desc: "Service that the server's port is assigned to.", Get: serviceOf(server)},
	{Name: "fd.lproto", Type: field.Charbuf, Desc: "Service that the near end's port is assigned to.", Get: serviceOf(near)},
	{Name: "fd.rproto", Type: field.Charbuf, Desc: "Service that the far end's port is assigned to.", Get: serviceOf(far)},
	{Name: "fd.cip.name", Type: field.Charbuf, Flags: hostName, Desc: "Host name of the client, of the names that rules compare it with.", Get: namesOf(client)},
	{Name: "fd.sip.name", Type: field.Charbuf, Flags: hostName, Desc: "Host name of the server, of the names that rules compare it with.", Get: namesOf(server)},
	{Name: "fd.lip.name", Type: field.Charbuf, Flags: hostName, Desc: "Host name of the near end, of the names that rules compare it with.", Get: namesOf(near)},
	{Name: "fd.rip.name", Type: field.Charbuf, Flags: hostName, Desc: "Host name of the far end, of the names that rules compare it with.", Get: namesOf(far)},
}

// end is one end of a socket.
type end struct {
	ip   string
	port uint16
}

// endOf selects one end of a socket; false where it is not known.
type endOf func(*Event, *process.FD) (end, bool)

func src(fd *process.FD) end { return end{fd.SrcIP, fd.SrcPort} }
func dst(fd *process.FD) end { return end{fd.DstIP, fd.DstPort} }

// hasEnds tells whether it is known which end of fd is whose.
func hasEnds(fd *process.FD) bool {
	return fd.Type.IsInet() && fd.State&(process.FDServer|process.FDClient) != 0
}

// listening tells whether fd has the server's end only.
func listening(fd *process.FD) bool {
	return fd.Type == process.FDIPv4Serv || fd.Type == process.FDIPv6Serv
}

func client(_ *Event, fd *process.FD) (end, bool) {
	return src(fd), hasEnds(fd) && !listening(fd)
}

func server(_ *Event, fd *process.FD) (end, bool) { return dst(fd), hasEnds(fd) }

func near(e *Event, fd *process.FD) (end, bool) {
	if e.sourceIsNear(fd) {
		return src(fd), hasEnds(fd) && !listening(fd)
	}
	return dst(fd), hasEnds(fd) && !listening(fd)
}

func far(e *Event, fd *process.FD) (end, bool) {
	if e.sourceIsNear(fd) {
		return dst(fd), hasEnds(fd) && !listening(fd)
	}
	return src(fd), hasEnds(fd) && !listening(fd)
}

// sourceIsNear tells whether the client's end is this machine's: by the
// machine's addresses where they are known, else by what the kernel told.
func (e *Event) sourceIsNear(fd *process.FD) bool {
	if e.Host == nil || e.Host.Local == nil {
		return fd.State&process.FDClient != 0
	}
	return e.isLocal(fd.SrcIP)
}

func ipOf(which endOf) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		fd := e.known()
		if fd == nil {
			return event.Value{}
		}
		at, ok := which(e, fd)
		if !ok {
			return event.Value{}
		}
		return event.IPBytes(at.ip)
	}
}

func portOf(which endOf) field.Getter {
	return func(ev *event.Event) event.Value {
		e := of(ev)
		fd := e.known()
		if fd == nil {
			return event.Value{}
		}
		at, ok := which(e, fd)
		if !ok {
			return event.Value{}
		}
		return event.Uint(uint64(at.port))
	}
}

// bothIPs lists the addresses of both ends; a listening socket has one.
func bothIPs(ev *event.Event) event.Value {
	fd := of(ev).known()
	if fd == nil || !hasEnds(fd) {
		return event.Value{}
	}
	list := ev.Scratch.List(2)
	n := 0
	if !listening(fd) && fd.SrcIP != "" {
		list[n] = event.IPBytes(fd.SrcIP)
		n++
	}
	if fd.DstIP != "" {
		list[n] = event.IPBytes(fd.DstIP)
		n++
	}
	if n == 0 {
		return event.Value{}
	}
	return event.ListOf(list[:n])
}

// bothPorts lists the ports of both ends; a listening socket has one.
func bothPorts(ev *event.Event) event.Value {
	fd := of(ev).known()
	if fd == nil || !hasEnds(fd) {
		return event.Value{}
	}
	list := ev.Scratch.List(2)
	list[0] = event.Uint(uint64(fd.DstPort))
	if listening(fd) {
		return event.ListOf(list[:1])
	}
	list[1] = event.Uint(uint64(fd.SrcPort))
	return event.ListOf(list)
}

func socketFamily(fd *process.FD) event.Value {
	switch {
	case fd.Type.IsInet():
		return event.Text("ip")
	case fd.Type == process.FDUnixSock:
		return event.Text("unix")
	}
	return event.Value{}
}

func isServer(ev *event.Event) event.Value {
	e := of(ev)
	fd := e.known()
	switch {
	case fd == nil:
		return event.Value{}
	case listening(fd):
		return event.Bool(true)
	case !fd.Type.IsInet():
		return event.Bool(false)
	case e.Host == nil || e.Host.Local == nil:
		return event.Bool(fd.State&process.FDServer != 0)
	}
	// The reference takes an IPv6 end without address for a near one.
	unset := fd.Type == process.FDIPv6Sock && fd.DstIP == ""
	return event.Bool(unset || e.isLocal(fd.DstIP))
}
