package syscall

import (
	"github.com/lannersec/lanner/identity/hostname"
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/identity/user"
)

// Host is what is known of the machine that a stream of events comes from. All
// events of a stream share one, which belongs to the goroutine that reads the
// stream; only Users and Names may be changed from elsewhere.
type Host struct {
	Name    string         // evt.hostname
	Threads *process.Table // nil: none is kept
	Users   *user.Table    // nil: none is known
	// Names are the host names of addresses, of those names that HostNameFields
	// are compared with; nil: none is known.
	Names *hostname.Names
	// Local tells whether an address, as 4 or 16 raw bytes, is one of the
	// machine's. It is nil where the kernel tells which end of a connection is
	// the near one.
	Local func(ip string) bool
	// Live tells that the events come from the running kernel, which tells what
	// each is about, so that no tables of descriptors are kept.
	Live bool
	// Start is the time of the stream's first event, Before that of the event
	// before the current one, 0 for none; in ns since the epoch.
	Start, Before uint64
}

// isLocal tells whether an address is one of the machine's, which its Local
// must be able to tell.
func (e *Event) isLocal(ip string) bool {
	return len(ip) == 4 && ip[0] == 127 || e.Host.Local(ip)
}
