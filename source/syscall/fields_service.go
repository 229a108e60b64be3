package syscall

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// serviceOf makes a getter of the service that an end's port is assigned to;
// of the port's number where it is none of those known.
func serviceOf(which endOf) field.Getter {
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
		if name, ok := services[at.port]; ok {
			return event.Text(name)
		}
		return event.Text(ev.Scratch.Text(strconv.AppendUint(ev.Scratch.Buffer(8), uint64(at.port), 10)))
	}
}

// services are the well-known ports.
var services = map[uint16]string{
	20:   "ftp-data",
	21:   "ftp",
	22:   "ssh",
	23:   "telnet",
	25:   "smtp",
	53:   "domain",
	67:   "bootps",
	68:   "bootpc",
	69:   "tftp",
	80:   "http",
	88:   "kerberos",
	110:  "pop3",
	111:  "sunrpc",
	123:  "ntp",
	143:  "imap2",
	161:  "snmp",
	162:  "snmp-trap",
	179:  "bgp",
	389:  "ldap",
	443:  "https",
	445:  "microsoft-ds",
	465:  "submissions",
	514:  "shell",
	587:  "submission",
	636:  "ldaps",
	873:  "rsync",
	993:  "imaps",
	995:  "pop3s",
	1433: "ms-sql-s",
	2049: "nfs",
	3306: "mysql",
	5432: "postgresql",
}
