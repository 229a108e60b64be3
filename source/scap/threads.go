package scap

import (
	"github.com/lannersec/lanner/identity/process"
	"github.com/lannersec/lanner/source/syscall"
)

// entrySince is the first version of the list of processes whose entries have
// their length in front; from then on fields are appended without a new version.
const entrySince = 9

// threads reads the list of processes into the table, which LinkAll follows.
func (c *cursor) threads(version uint8, table *process.Table) {
	for c.more() {
		entry := &cursor{b: c.b}
		if version >= entrySince {
			entry = c.entry(version, true)
		}
		th := entry.thread(version)
		if entry.short {
			c.short = true
			return
		}
		table.AddUnlinked(th)
		if version < entrySince {
			c.b = entry.b
		}
	}
}

// thread reads one entry.
func (c *cursor) thread(version uint8) *process.Thread {
	th := process.NewThread(c.i64())
	th.PID, th.PTID = c.i64(), c.i64()
	if version >= 6 {
		th.SID = c.i64()
	}
	if version >= 8 {
		th.VPGID = c.i64()
	}
	th.Comm, th.Exe = c.text(), c.text()
	if version >= 7 {
		th.SetExePath(c.text())
	}
	th.SetArgs(c.text())
	th.SetCwd(c.text())
	th.FDLimit = c.i64()
	th.Flags, th.UID, th.GID = process.Flags(c.u32()), c.u32(), c.u32()
	if version >= 2 {
		th.VMSizeKB, th.VMRSSKB, th.VMSwapKB = c.u32(), c.u32(), c.u32()
		th.PFMajor, th.PFMinor = c.u64(), c.u64()
	}
	if version >= 3 {
		th.SetEnv(c.text())
	}
	if version >= 4 {
		th.VTID, th.VPID = c.i64(), c.i64()
		th.SetCgroups(c.text())
	}
	if version >= 5 {
		th.SetRoot(c.text())
	}
	if version >= entrySince {
		c.threadRest(th)
	}
	return th
}

// oldRest is the most bytes that writers appended before two fields were
// inserted in front of the others: those then begin at once.
const oldRest = 4 + 1 + 3*8

// threadRest reads what was appended over time; the entry may end before each.
func (c *cursor) threadRest(th *process.Thread) {
	if len(c.b) > oldRest {
		th.PidnsInitStartTime = c.u64()
		th.TTY = c.u32()
	}
	for _, read := range threadFields {
		if len(c.b) == 0 {
			return
		}
		read(c, th)
	}
}

// threadFields are the appended fields in their order.
var threadFields = []func(*cursor, *process.Thread){
	func(c *cursor, th *process.Thread) { th.LoginUID = c.u32() },
	func(c *cursor, th *process.Thread) { th.ExeWritable = c.u8() != 0 },
	func(c *cursor, th *process.Thread) { th.CapInheritable = c.u64() },
	func(c *cursor, th *process.Thread) { th.CapPermitted = c.u64() },
	func(c *cursor, th *process.Thread) { th.CapEffective = c.u64() },
	func(c *cursor, th *process.Thread) { th.ExeUpperLayer = c.u8() != 0 },
	func(c *cursor, th *process.Thread) { th.ExeIno = c.u64() },
	func(c *cursor, th *process.Thread) { th.ExeInoCtime = c.u64() },
	func(c *cursor, th *process.Thread) { th.ExeInoMtime = c.u64() },
	func(c *cursor, th *process.Thread) { th.ExeFromMemfd = c.u8() != 0 },
	func(c *cursor, th *process.Thread) { th.ExeLowerLayer = c.u8() != 0 },
	func(c *cursor, th *process.Thread) { th.PGID = c.i64() },
}

// fds reads the list of a process's descriptors.
func (c *cursor) fds(version uint8, table *process.Table) {
	th := table.Get(c.i64())
	var fds *process.FDTable
	if th != nil {
		if th.FDs == nil {
			th.FDs = &process.FDTable{}
		}
		fds = th.FDs
	}
	for c.more() {
		entry := c.entry(version, true)
		fd := entry.fd(version)
		switch {
		case entry.short:
			c.short = true
			return
		case fds != nil && fds.Copy(fd.Num, fd) == nil:
			table.RefusedFD()
		}
		c.leave(entry, version)
	}
}

// fd reads one entry.
func (c *cursor) fd(version uint8) *process.FD {
	fd := &process.FD{Num: c.i64(), Ino: c.u64(), Type: process.FDType(c.u8()), State: process.FDFromProc}
	switch fd.Type {
	case process.FDUnknown:
	case process.FDIPv4Sock:
		c.ends(fd, 4)
	case process.FDIPv6Sock:
		c.ends(fd, 16)
	case process.FDIPv4Serv:
		c.server(fd, 4)
	case process.FDIPv6Serv:
		c.server(fd, 16)
	case process.FDUnixSock:
		fd.UnixSrc, fd.UnixDst = c.u64(), c.u64()
		fd.Name = c.text()
	case process.FDFileV2:
		fd.Flags = c.u32()
		fd.Name = c.text()
		if version >= 2 && len(c.b) >= 4 {
			fd.Dev = c.u32()
		}
	default:
		fd.Name = c.text()
	}
	if fd.Type.IsInet() {
		fd.Name = string(syscall.AppendSocketName(nil, fd))
	}
	return fd
}

func (c *cursor) ends(fd *process.FD, size int) {
	fd.SrcIP, fd.DstIP = string(c.take(size)), string(c.take(size))
	fd.SrcPort, fd.DstPort = c.u16(), c.u16()
	fd.L4 = process.L4Proto(c.u8())
	if fd.L4 == process.L4TCP {
		fd.State |= process.FDConnected
	}
}

func (c *cursor) server(fd *process.FD, size int) {
	fd.DstIP, fd.DstPort = string(c.take(size)), c.u16()
	fd.L4 = process.L4Proto(c.u8())
	fd.State |= process.FDServer
}

// roles tells which end of each connection is its process's: the server's where
// some process serves the near port. Lists have the near end first.
func roles(table *process.Table) {
	served := map[uint16]bool{}
	eachSocket(table, func(fd *process.FD) {
		if fd.Type == process.FDIPv4Serv || fd.Type == process.FDIPv6Serv {
			served[fd.DstPort] = true
		}
	})
	eachSocket(table, func(fd *process.FD) {
		switch {
		case fd.Type != process.FDIPv4Sock && fd.Type != process.FDIPv6Sock,
			fd.State&(process.FDServer|process.FDClient) != 0:
		case served[fd.SrcPort]:
			fd.State |= process.FDServer
			fd.SrcIP, fd.DstIP = fd.DstIP, fd.SrcIP
			fd.SrcPort, fd.DstPort = fd.DstPort, fd.SrcPort
			fd.Name = string(syscall.AppendSocketName(nil, fd))
		default:
			fd.State |= process.FDClient
		}
	})
}

func eachSocket(table *process.Table, f func(*process.FD)) {
	table.Each(func(th *process.Thread) bool {
		th.FDs.Each(func(fd *process.FD) bool {
			if fd.Type.IsInet() {
				f(fd)
			}
			return true
		})
		return true
	})
}
