package syscall

import (
	"github.com/lannersec/lanner/bpf/abi"
	"github.com/lannersec/lanner/identity/process"
)

// Kinds of files, in the bits of a mode.
const (
	modeKind   = 0o170000
	modeSocket = 0o140000
	modeDir    = 0o040000
	modeFifo   = 0o010000
)

// userDev is a device number of the kernel as user space and events have it.
func userDev(dev uint32) uint32 {
	major, minor := dev>>20, dev&(1<<20-1)
	return minor&0xff | major<<8 | minor&^0xff<<12
}

// objectParam appends a parameter that tells of the call's object.
func (d *LiveDecoder) objectParam(e *Event, p abi.Param) {
	switch p.Op {
	case abi.OpDev:
		if d.hasFile {
			d.add32(e, userDev(d.file.Dev))
			return
		}
	case abi.OpIno:
		if d.hasFile {
			d.add64(e, d.file.Ino)
			return
		}
	case abi.OpPath:
		e.AddParam(d.rec.sections[abi.SecPath])
		return
	case abi.OpLayer:
		d.add16(e, uint16(layerFlags(d.file.Layer)>>15))
		return
	case abi.OpOpenFlags:
		d.add32(e, d.openFlags(uint32(d.arg(p.Arg))))
		return
	case abi.OpOpenFlags16:
		d.add16(e, uint16(openFlags(uint32(d.arg(p.Arg)))))
		return
	case abi.OpOpenMode:
		mode := uint32(d.arg(p.Arg))
		if !creates(uint32(d.arg(p.Arg - 1))) {
			mode = 0
		}
		d.add32(e, mode)
		return
	case abi.OpHowFlags:
		d.add32(e, d.openFlags(uint32(d.blob(abi.SecFetch1, 0, 8))))
		return
	case abi.OpHowMode:
		d.add32(e, uint32(d.blob(abi.SecFetch1, 8, 8)))
		return
	case abi.OpHowResolve:
		d.add32(e, resolveFlags(d.blob(abi.SecFetch1, 16, 8)))
		return
	default:
		d.socketParam(e, p)
		return
	}
	e.AddParam(nil)
}

// openFlags are open flags with what the kernel tells of the file.
func (d *LiveDecoder) openFlags(native uint32) uint32 {
	flags := openFlags(native)
	if d.hasFile {
		flags |= layerFlags(d.file.Layer)
	}
	return flags
}

func layerFlags(l abi.Layer) uint32 {
	switch l {
	case abi.LayerUpper:
		return oUpperLayer
	case abi.LayerLower:
		return oLowerLayer
	}
	return 0
}

// object sets the event's descriptor to what the kernel tells of it, or, after
// a failed call, to what was asked for.
func (d *LiveDecoder) object(e *Event, c *abi.Call) {
	switch {
	case d.hasSock:
		d.socketObject(e, c)
	case d.hasFile:
		d.fileObject(e, c)
	case c.Object.Kind == abi.ObjectRet && len(c.Fetch) > 0 && c.Fetch[0].Kind == abi.FetchPath:
		// it failed, or io_uring put the file where descriptors do not show it
		d.askedObject(e)
	case c.Object.Kind == abi.ObjectArg:
		e.Thread.LastFD = int64(extend(d.arg(c.Object.Arg)))
	}
}

// fileObject describes a file, directory, pipe or any other thing that has an
// inode but no ends.
func (d *LiveDecoder) fileObject(e *Event, c *abi.Call) {
	fd := &d.fd
	*fd = process.FD{
		Type: fileType(&d.file),
		Name: d.rec.text(abi.SecPath),
		Dev:  userDev(d.file.Dev), Ino: d.file.Ino, Mode: uint32(d.file.Mode),
		Flags: openFlags(d.file.Flags) | layerFlags(d.file.Layer),
	}
	if c.Object.Kind == abi.ObjectRet {
		fd.Num = d.rec.Ret
		if len(c.Fetch) > 0 && c.Fetch[0].Kind == abi.FetchPath {
			fd.NameRaw = cstring(d.rec.sections[abi.SecFetch0])
		}
	} else {
		fd.Num = int64(extend(d.arg(c.Object.Arg)))
	}
	if fd.NameRaw == "" {
		fd.NameRaw = fd.Name
	}
	describeFile(fd)
	e.FD = fd
	e.Thread.LastFD = fd.Num
}

func fileType(f *abi.File) process.FDType {
	switch uint32(f.Mode) & modeKind {
	case modeDir:
		return process.FDDirectory
	case modeFifo:
		return process.FDFifo
	}
	return process.FDFileV2
}

// askedObject describes what a failed open asked for.
func (d *LiveDecoder) askedObject(e *Event) {
	raw, base := cstring(d.rec.sections[abi.SecFetch0]), d.rec.text(abi.SecBase0)
	if raw == "" {
		e.Thread.LastFD = -1 // it opened nothing
		return
	}
	d.path = process.AppendPath(d.path[:0], withSlash(&e.Head.Scratch, base), raw)
	d.fd = process.FD{Num: -1, Type: process.FDFileV2, State: process.FDAsked, Name: alias(d.path), NameRaw: raw}
	e.FD = &d.fd
}
