package scap

import (
	"bytes"
	"strings"

	"github.com/lannersec/lanner/identity/user"
)

// Machine is what a capture says of the machine that it was made on.
type Machine struct {
	CPUs     uint32
	Memory   uint64 // bytes
	MaxPID   uint64 // 0 in old captures
	Hostname string
	BootTime uint64 // ns since the epoch; 0 in old captures
}

const hostnameSize = 128

func (c *cursor) machine() Machine {
	m := Machine{CPUs: c.u32(), Memory: c.u64(), MaxPID: c.u64()}
	name, _, _ := bytes.Cut(c.take(hostnameSize), []byte{0})
	m.Hostname = string(name)
	m.BootTime = c.u64()
	return m
}

// kinds of entries in a list of users.
const (
	userEntry  = 0
	groupEntry = 1
)

// users reads the accounts of the machine.
func (c *cursor) users(version uint8, table *user.Table) {
	for c.more() {
		entry := c.entry(version, true)
		switch entry.u8() {
		case userEntry:
			u := user.User{UID: entry.u32(), GID: entry.u32(), Name: entry.text(), Home: entry.text(), Shell: entry.text()}
			if !entry.short {
				table.Add("", u)
			}
		case groupEntry:
			g := user.Group{GID: entry.u32(), Name: entry.text()}
			if !entry.short {
				table.AddGroup("", g)
			}
		}
		c.leave(entry, version)
	}
}

// entry is a cursor over the next entry of a list. From the second version on
// an entry has its length in front, which may count itself; before, the rest of
// the list is all there is to go by.
func (c *cursor) entry(version uint8, countsItself bool) *cursor {
	if version < 2 {
		return &cursor{b: c.b}
	}
	n := int(c.u32())
	if countsItself {
		n -= 4
	}
	if n < 0 {
		c.short, c.b = true, nil
		return &cursor{short: true}
	}
	return &cursor{b: c.take(n)}
}

// leave goes on behind an entry.
func (c *cursor) leave(entry *cursor, version uint8) {
	if version >= 2 {
		return // entry has taken it
	}
	c.b = entry.b
	c.short = c.short || entry.short
}

// kinds of entries in a list of interfaces.
const (
	ifaceIPv4        = 1
	ifaceIPv6        = 2
	ifaceIPv4NoSpeed = 3
	ifaceIPv6NoSpeed = 4
)

// iface is an address of the machine, 4 or 16 bytes, with the netmask.
type iface struct{ addr, mask string }

// interfaces reads the machine's own addresses.
func (c *cursor) interfaces(version uint8) (list []iface) {
	for c.more() {
		entry := c.entry(version, false)
		kind, nameSize := entry.u16(), entry.u16()
		size := 4
		if kind == ifaceIPv6 || kind == ifaceIPv6NoSpeed {
			size = 16
		}
		i := iface{addr: string(entry.take(size)), mask: string(entry.take(size))}
		entry.take(size) // broadcast
		if kind == ifaceIPv4 || kind == ifaceIPv6 {
			entry.u64() // speed
		}
		entry.take(int(nameSize))
		if !entry.short {
			list = append(list, i)
		}
		c.leave(entry, version)
	}
	return list
}

// reaches tells whether ip is in the interface's network.
func (i *iface) reaches(ip string) bool {
	if len(i.addr) != len(ip) {
		return false
	}
	for n := range len(ip) {
		if (i.addr[n]^ip[n])&i.mask[n] != 0 {
			return false
		}
	}
	return true
}

func (i *iface) loopback() bool {
	return len(i.addr) == 4 && i.addr[0] == 127 || len(i.addr) == 16 && strings.TrimLeft(i.addr, "\x00") == "\x01"
}

// interfaces are all addresses of a machine.
type interfaces []iface

// local tells whether an address is one of the machine's.
func (l interfaces) local(ip string) bool {
	for i := range l {
		if l[i].addr == ip {
			return true
		}
	}
	return false
}

// near is the machine's address towards another: that address if it is its own,
// the one in the same network, else the first that is not for the machine alone.
func (l interfaces) near(ip string) string {
	if l.local(ip) {
		return ip
	}
	for i := range l {
		if l[i].reaches(ip) {
			return l[i].addr
		}
	}
	for i := range l {
		if len(l[i].addr) == len(ip) && !l[i].loopback() {
			return l[i].addr
		}
	}
	return strings.Repeat("\x00", len(ip))
}
