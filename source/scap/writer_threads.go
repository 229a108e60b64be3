package scap

import (
	"github.com/lannersec/lanner/identity/process"
)

// listBlock is from how many bytes on a list goes on in another block.
const listBlock = 1 << 20

// Threads writes the processes of a table, and the descriptors of those that
// have a table of their own.
func (w *Writer) Threads(table *process.Table) error {
	var err error
	w.begin(writeProcesses)
	table.Each(func(th *process.Thread) bool {
		if len(w.buf) > listBlock {
			if err = w.end(); err != nil {
				return false
			}
			w.begin(writeProcesses)
		}
		w.entry(func() { w.thread(th) })
		return true
	})
	if err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	table.Each(func(th *process.Thread) bool {
		if th.FDs.Len() > 0 && th.IsLeader() {
			err = w.fds(th)
		}
		return err == nil
	})
	return err
}

// thread writes an entry of the list of processes, in the reader's order.
func (w *Writer) thread(th *process.Thread) {
	w.i64(th.TID)
	w.i64(th.PID)
	w.i64(th.PTID)
	w.i64(th.SID)
	w.i64(th.VPGID)
	w.text(th.Comm)
	w.text(th.Exe)
	w.text(exePath(th))
	w.list(th.Args)
	w.text(th.Cwd())
	w.i64(th.FDLimit)
	w.u32(uint32(th.Flags))
	w.u32(th.UID)
	w.u32(th.GID)
	w.u32(th.VMSizeKB)
	w.u32(th.VMRSSKB)
	w.u32(th.VMSwapKB)
	w.u64(th.PFMajor)
	w.u64(th.PFMinor)
	if w.Environment {
		w.list(th.Env)
	} else {
		w.list(nil)
	}
	w.i64(th.VTID)
	w.i64(th.VPID)
	w.list(th.Cgroups)
	w.text(th.Root())
	w.threadRest(th)
}

// exePath is the path as the kernel gives it.
func exePath(th *process.Thread) string {
	if th.ExeDeleted {
		return th.ExePath + " (deleted)"
	}
	return th.ExePath
}

// threadRest writes what was appended to entries over time.
func (w *Writer) threadRest(th *process.Thread) {
	w.u64(th.PidnsInitStartTime)
	w.u32(th.TTY)
	w.u32(th.LoginUID)
	w.flag(th.ExeWritable)
	w.u64(th.CapInheritable)
	w.u64(th.CapPermitted)
	w.u64(th.CapEffective)
	w.flag(th.ExeUpperLayer)
	w.u64(th.ExeIno)
	w.u64(th.ExeInoCtime)
	w.u64(th.ExeInoMtime)
	w.flag(th.ExeFromMemfd)
	w.flag(th.ExeLowerLayer)
	w.i64(th.PGID)
}

// fds writes the list of a process's descriptors.
func (w *Writer) fds(th *process.Thread) error {
	w.begin(writeFDs)
	w.i64(th.TID)
	th.FDs.Each(func(fd *process.FD) bool {
		w.entry(func() { w.fd(fd) })
		return true
	})
	return w.end()
}

func (w *Writer) fd(fd *process.FD) {
	w.i64(fd.Num)
	w.u64(fd.Ino)
	w.u8(uint8(fd.Type))
	switch fd.Type {
	case process.FDUnknown:
	case process.FDIPv4Sock, process.FDIPv6Sock:
		w.ends(fd)
	case process.FDIPv4Serv, process.FDIPv6Serv:
		w.address(fd.DstIP, fd.Type == process.FDIPv6Serv)
		w.u16(fd.DstPort)
		w.u8(uint8(fd.L4))
	case process.FDUnixSock:
		w.u64(fd.UnixSrc)
		w.u64(fd.UnixDst)
		w.text(fd.Name)
	case process.FDFileV2:
		w.u32(fd.Flags)
		w.text(fd.Name)
		w.u32(fd.Dev)
	default:
		w.text(fd.Name)
	}
}

// ends writes both ends of a connection, the near one first.
func (w *Writer) ends(fd *process.FD) {
	six := fd.Type == process.FDIPv6Sock
	near, far := fd.SrcIP, fd.DstIP
	nearPort, farPort := fd.SrcPort, fd.DstPort
	if fd.State&process.FDServer != 0 {
		near, far, nearPort, farPort = far, near, farPort, nearPort
	}
	w.address(near, six)
	w.address(far, six)
	w.u16(nearPort)
	w.u16(farPort)
	w.u8(uint8(fd.L4))
}

// address writes the bytes of an address, zeros for one that is not known.
func (w *Writer) address(ip string, six bool) {
	var b [16]byte
	copy(b[:], ip)
	if six {
		w.buf = append(w.buf, b[:]...)
		return
	}
	w.buf = append(w.buf, b[:4]...)
}
