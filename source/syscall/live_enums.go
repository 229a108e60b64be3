package syscall

import "github.com/lannersec/lanner/bpf/abi"

// encoding is how an argument with a meaning of its own is written in the
// capture format: a width in bytes, and a way from the kernel's numbers. Where
// both have the same numbers there is none.
type encoding struct {
	width int
	bits  []bit          // flags
	enum  map[uint64]int // values; one that is missing is written as 0
	mask  uint64         // what is kept of the same numbers; 0: all
}

// encodings has a row for each of the operations from OpAccessMode on.
var encodings = [abi.OpEnd]encoding{
	abi.OpAccessMode:        {width: 4, mask: 7},
	abi.OpAtFlags:           {width: 4, mask: 0x1d00},
	abi.OpBpfCmd:            {width: 4},
	abi.OpChmodMode:         {width: 4, mask: 0o7777},
	abi.OpCloneFlags:        {width: 4, bits: cloneBits},
	abi.OpDeleteModuleFlags: {width: 4, bits: []bit{{nativeTrunc, 1}, {nativeNonblock, 2}}},
	abi.OpEpollFlags:        {width: 4, bits: []bit{{nativeCloexec, 1}}},
	abi.OpFcntlCmd:          {width: 1, enum: fcntlCommands},
	abi.OpFlockFlags:        {width: 4, bits: []bit{{1, 1}, {2, 2}, {4, 4}, {8, 8}}},
	abi.OpFutexOp:           {width: 2},
	abi.OpLinkFlags:         {width: 4, mask: 0x1400},
	abi.OpMknodMode:         {width: 4},
	abi.OpMmapFlags:         {width: 4, bits: mmapBits},
	abi.OpPidfdFlags:        {width: 4, bits: []bit{{nativeNonblock, 1}}},
	abi.OpPrctlOption:       {width: 4},
	abi.OpProtFlags:         {width: 4, bits: protBits},
	abi.OpPtraceRequest:     {width: 2, enum: ptraceRequests},
	abi.OpSemctlCmd:         {width: 2, enum: semctlCommands},
	abi.OpSemgetFlags:       {width: 4, bits: []bit{{0o1000, 1 << 13}, {0o2000, 1 << 14}}},
	abi.OpUnlinkFlags:       {width: 4, mask: 0x200},
	abi.OpUringOp:           {width: 2},
}

var protBits = []bit{
	{1, 1}, {2, 2}, {4, 4}, {8, 8}, {0x01000000, 1 << 4}, {0x02000000, 1 << 5},
}

var mmapBits = []bit{
	{1, 1}, {2, 2}, {0x10, 1 << 2}, {0x20, 1 << 3}, {0x40, 1 << 4}, {0x4000, 1 << 6}, {0x8000, 1 << 7},
	{0x10000, 1 << 8}, {0x100, 1 << 9}, {0x800, 1 << 10}, {0x1000, 1 << 11}, {0x2000, 1 << 14},
}

var ptraceRequests = map[uint64]int{
	0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7, 7: 8, 8: 9, 9: 10, 16: 11, 17: 12, 24: 13,
	0x4200: 14, 0x4201: 15, 0x4202: 16, 0x4203: 17, 0x4204: 18, 0x4205: 19, 0x4206: 20, 0x4207: 21,
	0x4208: 22, 0x4209: 23, 0x420a: 24, 0x420b: 25,
	12: 26, 13: 27, 14: 28, 15: 29, 18: 30, 19: 31, 21: 32, 25: 33, 26: 34, 30: 35, 31: 36, 32: 37, 33: 38,
}

var fcntlCommands = map[uint64]int{
	0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 8, 7: 9, 8: 10, 9: 12, 10: 13, 11: 15, 12: 17, 13: 18, 14: 19,
	15: 21, 16: 22, 1024: 23, 1025: 24, 1026: 27, 1029: 25, 1030: 26, 1031: 28, 1032: 29, 36: 30, 37: 31, 38: 32,
}

var semctlCommands = map[uint64]int{
	2: 1, 1: 2, 0: 4, 3: 8, 19: 16, 18: 32, 13: 64, 14: 128, 11: 256, 12: 512, 15: 1024, 17: 2048, 16: 4096,
}

func (c *encoding) translate(n uint64) uint32 {
	switch {
	case c.bits != nil:
		return translate(c.bits, n)
	case c.enum != nil:
		return uint32(c.enum[n])
	case c.mask != 0:
		return uint32(n & c.mask)
	}
	return uint32(n)
}

// flagParam appends an argument that is a flag word or enumeration, or one of
// the parameters that hang on such an argument.
func (d *LiveDecoder) flagParam(e *Event, p abi.Param) {
	n := d.arg(p.Arg)
	switch p.Op {
	case abi.OpMountFlags:
		d.add32(e, mountFlags(uint32(n)))
		return
	case abi.OpPtraceAddr, abi.OpPtraceData:
		b := append(e.Head.Scratch.Buffer(9), 0)
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
		putUint64(b[1:], n)
		e.AddParam(keepBytes(&e.Head.Scratch, b))
		return
	case abi.OpPrctlText, abi.OpPrctlInt:
		d.prctlParam(e, p)
		return
	case abi.OpUringFlags:
		d.add32(e, uint32(d.blob(abi.SecFetch0, 8, 4))&0xff)
		return
	case abi.OpUringFeatures:
		d.add32(e, uint32(d.blob(abi.SecFetch0, 20, 4))&0x7ff)
		return
	}
	c := &encodings[p.Op]
	switch v := c.translate(n); c.width {
	case 1:
		d.add8(e, uint8(v))
	case 2:
		d.add16(e, uint16(v))
	default:
		d.add32(e, v)
	}
}

// mountFlags drops the magic number that old programs pass in the upper half.
func mountFlags(n uint32) uint32 {
	const magic, magicMask = 0xc0ed0000, 0xffff0000
	if n&magicMask == magic {
		return n &^ magicMask
	}
	return n
}

// Options of prctl whose second argument means something for rules.
const (
	prSetName           = 15
	prGetName           = 16
	prSetChildSubreaper = 36
	prGetChildSubreaper = 37
)

func (d *LiveDecoder) prctlParam(e *Event, p abi.Param) {
	option := d.arg(0)
	named := option == prSetName || option == prGetName
	switch {
	case p.Op == abi.OpPrctlText && named:
		e.AddParam(d.fetched(0))
	case p.Op == abi.OpPrctlText:
		e.AddParam(nil)
	case named:
		d.add64(e, 0)
	default:
		d.add64(e, d.arg(1))
	}
}
