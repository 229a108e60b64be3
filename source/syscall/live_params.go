package syscall

import (
	"encoding/binary"

	"github.com/lannersec/lanner/bpf/abi"
)

// add64 appends a number of 8 bytes as the next parameter; add32, add16 and add8
// do it for shorter ones.
func (d *LiveDecoder) add64(e *Event, n uint64) {
	b := d.number()
	binary.LittleEndian.PutUint64(b, n)
	e.AddParam(b)
}

func (d *LiveDecoder) add32(e *Event, n uint32) {
	b := d.number()[:4]
	binary.LittleEndian.PutUint32(b, n)
	e.AddParam(b)
}

func (d *LiveDecoder) add16(e *Event, n uint16) {
	b := d.number()[:2]
	binary.LittleEndian.PutUint16(b, n)
	e.AddParam(b)
}

func (d *LiveDecoder) add8(e *Event, n uint8) {
	b := d.number()[:1]
	b[0] = n
	e.AddParam(b)
}

// number is memory for a numeric parameter.
func (d *LiveDecoder) number() []byte {
	b := d.numbers[d.used%maxParams][:]
	d.used++
	return b
}

// extend is a 32-bit number of the kernel, such as a descriptor, in 8 bytes.
func extend(n uint64) uint64 { return uint64(int64(int32(n))) }

// blob reads from a fetched struct; 0 where it is too short.
func (d *LiveDecoder) blob(fetch abi.Section, offset, size int) uint64 {
	b := d.rec.sections[fetch]
	if len(b) < offset+size {
		return 0
	}
	return readUint(b[offset : offset+size])
}

// arg is an argument of the call.
func (d *LiveDecoder) arg(i uint8) uint64 {
	if int(i) < len(d.rec.Args) {
		return d.rec.Args[i]
	}
	return 0
}

// fetched is what a fetch of the call brought.
func (d *LiveDecoder) fetched(i uint8) []byte {
	if i < abi.MaxFetch {
		return d.rec.sections[abi.SecFetch0+abi.Section(i)]
	}
	return nil
}

// base is the directory that a fetched path starts from; "" for what is no
// relative path.
func (d *LiveDecoder) base(i uint8) string {
	if i < abi.MaxFetch {
		return d.rec.text(abi.SecBase0 + abi.Section(i))
	}
	return ""
}

// param appends one parameter as its table entry says.
func (d *LiveDecoder) param(e *Event, p abi.Param) {
	if p.Op >= abi.OpAccessMode {
		d.flagParam(e, p)
		return
	}
	if p.Op >= abi.OpDev {
		d.objectParam(e, p)
		return
	}
	switch p.Op {
	case abi.OpRet, abi.OpRetU64:
		d.add64(e, uint64(d.rec.Ret))
	case abi.OpRetU32:
		d.add32(e, uint32(d.rec.Ret))
	case abi.OpFD, abi.OpI64:
		d.add64(e, extend(d.arg(p.Arg)))
	case abi.OpU64:
		d.add64(e, d.arg(p.Arg))
	case abi.OpU32, abi.OpI32:
		d.add32(e, uint32(d.arg(p.Arg)))
	case abi.OpU8:
		d.add8(e, uint8(d.arg(p.Arg)))
	case abi.OpZero32:
		d.add32(e, 0)
	case abi.OpZero8:
		d.add8(e, 0)
	case abi.OpText, abi.OpBytes:
		e.AddParam(d.fetched(p.Arg))
		if dir := d.base(p.Arg); dir != "" {
			e.SetDir(e.NumParams()-1, dir)
		}
	case abi.OpBlobFD:
		d.add64(e, extend(d.blob(abi.SecFetch0, int(p.Arg), 4)))
	case abi.OpBlob32:
		d.add32(e, uint32(d.blob(abi.SecFetch0, int(p.Arg), 4)))
	case abi.OpBlob64:
		d.add64(e, d.blob(abi.SecFetch0, int(p.Arg), 8))
	default:
		e.AddParam(nil)
	}
}
