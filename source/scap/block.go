package scap

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// blockKind is what a block holds, whatever its version.
type blockKind uint8

const (
	blockUnknown blockKind = iota
	blockSection
	blockMachine
	blockProcesses
	blockFDs
	blockInterfaces
	blockUsers
	blockEvent
)

// blockForm is how a type of block holds it.
type blockForm struct {
	kind    blockKind
	version uint8
	flags   bool // an event with flags behind the cpu
}

// blockForms are the block types. The long numbers are those of early captures.
var blockForms = map[uint32]blockForm{
	0x0a0d0d0a: {kind: blockSection},
	0x201:      {kind: blockMachine}, 0x8002abcd: {kind: blockMachine},
	0x202: {blockProcesses, 1, false}, 0x8000abcd: {blockProcesses, 1, false},
	0x207: {blockProcesses, 2, false}, 0x8013abcd: {blockProcesses, 2, false},
	0x209: {blockProcesses, 3, false}, 0x8014abcd: {blockProcesses, 3, false},
	0x210: {blockProcesses, 4, false},
	0x211: {blockProcesses, 5, false},
	0x212: {blockProcesses, 6, false},
	0x213: {blockProcesses, 7, false},
	0x214: {blockProcesses, 8, false},
	0x215: {blockProcesses, 9, false},
	0x203: {blockFDs, 1, false}, 0x8001abcd: {blockFDs, 1, false},
	0x218: {blockFDs, 2, false},
	0x204: {blockEvent, 1, false}, 0x8010abcd: {blockEvent, 1, false},
	0x216: {blockEvent, 2, false}, 0x221: {blockEvent, 2, false},
	0x208: {blockEvent, 1, true},
	0x217: {blockEvent, 2, true}, 0x222: {blockEvent, 2, true},
	0x205: {blockInterfaces, 1, false}, 0x8011abcd: {blockInterfaces, 1, false},
	0x219: {blockInterfaces, 2, false},
	0x206: {blockUsers, 1, false}, 0x8012abcd: {blockUsers, 1, false},
	0x220: {blockUsers, 2, false},
}

// forms are the block types from firstForm on, for finding them fast.
var forms = func() (table [64]blockForm) {
	for typ, form := range blockForms {
		if typ-firstForm < uint32(len(table)) {
			table[typ-firstForm] = form
		}
	}
	return table
}()

const firstForm = 0x200

func formOf(typ uint32) blockForm {
	if typ-firstForm < uint32(len(forms)) {
		return forms[typ-firstForm]
	}
	return blockForms[typ]
}

const (
	blockFrame = 8 + 4    // type and length in front, length behind
	maxBlock   = 64 << 20 // bytes; the list of a large machine's processes has a few MiB
	readChunk  = 1 << 20  // a block is believed to be as long as it says in steps of this
)

// block is a block of the capture. Its body is valid until the next one.
type block struct {
	typ    uint32
	form   blockForm
	body   []byte
	offset int64
}

// blocks reads a capture block by block.
type blocks struct {
	in     *bufio.Reader
	offset int64
	used   int    // bytes of in that the block at hand occupies
	buf    []byte // a block that is larger than in's buffer
}

// newBlocks reads r, which may be compressed.
func newBlocks(r io.Reader) (*blocks, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		plain, err := gzip.NewReader(in)
		if err != nil {
			return nil, &FormatError{0, "compressed badly: " + err.Error()}
		}
		in = bufio.NewReaderSize(plain, 256<<10)
	}
	return &blocks{in: in}, nil
}

// next reads a block; io.EOF where the capture ends behind a block.
func (s *blocks) next(b *block) error {
	b.offset = s.offset
	if _, err := s.in.Discard(s.used); err != nil {
		return s.damaged(err)
	}
	s.used = 0
	head, err := s.in.Peek(8)
	if err != nil && len(head) == 0 && errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil {
		return s.damaged(err)
	}
	b.typ = binary.LittleEndian.Uint32(head)
	size := binary.LittleEndian.Uint32(head[4:])
	if size < blockFrame || size%4 != 0 || size > maxBlock {
		return &FormatError{s.offset, fmt.Sprintf("a block cannot have %d bytes", size)}
	}
	b.form = formOf(b.typ)
	whole, err := s.read(int(size))
	if err != nil {
		return s.damaged(err)
	}
	if binary.LittleEndian.Uint32(whole[size-4:]) != size {
		return &FormatError{s.offset, "a block does not end where it says"}
	}
	b.body = whole[8 : size-4]
	s.offset += int64(size)
	return nil
}

// read is the next size bytes, valid until the next block.
func (s *blocks) read(size int) ([]byte, error) {
	if size > s.in.Size() {
		err := s.readLarge(size)
		return s.buf, err
	}
	whole, err := s.in.Peek(size)
	s.used = len(whole)
	return whole, err
}

// readLarge fills buf. It grows as the bytes come, so that a forged length
// takes no memory.
func (s *blocks) readLarge(size int) error {
	s.buf = s.buf[:0]
	for len(s.buf) < size {
		step := min(size-len(s.buf), readChunk)
		start := len(s.buf)
		s.buf = slices.Grow(s.buf, step)[:start+step]
		if _, err := io.ReadFull(s.in, s.buf[start:]); err != nil {
			return err
		}
	}
	return nil
}

// damaged is the error of a capture that ends or breaks inside a block.
func (s *blocks) damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &FormatError{s.offset, "it ends inside a block"}
	}
	return fmt.Errorf("capture at byte %d: %w", s.offset, err)
}
