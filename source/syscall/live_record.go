package syscall

import (
	"encoding/binary"
	"unsafe"

	"github.com/lannersec/lanner/bpf/abi"
)

// liveRecord is a record of the kernel programs, split into its sections. Head
// is a copy; the sections alias the sample.
type liveRecord struct {
	abi.Head
	sections [abi.SecEnd][]byte
}

const sectionHeader = 4

// split checks a sample and finds its sections. All lengths are checked here.
// Sections of unknown kinds are left out; of two of a kind the last one counts.
func (r *liveRecord) split(sample []byte) error {
	if len(sample) < abi.HeadSize {
		return &RecordError{Reason: "shorter than its header"}
	}
	copyInto(&r.Head, sample)
	clear(r.sections[:])
	if uint64(r.Size) < uint64(abi.HeadSize) || uint64(r.Size) > uint64(len(sample)) {
		return &RecordError{Reason: "length does not fit the record"}
	}
	rest := sample[abi.HeadSize:r.Size]
	for len(rest) >= sectionHeader {
		kind := binary.LittleEndian.Uint16(rest)
		size := int(binary.LittleEndian.Uint16(rest[2:]))
		rest = rest[sectionHeader:]
		if size > len(rest) {
			return &RecordError{Reason: "a section is longer than the record"}
		}
		if kind < uint16(abi.SecEnd) {
			r.sections[kind] = rest[:size:size]
		}
		rest = rest[min((size+3)&^3, len(rest)):]
	}
	return nil
}

// text is a section's text without the NUL at its end; it aliases the sample.
func (r *liveRecord) text(s abi.Section) string { return cstring(r.sections[s]) }

// fact fills to from a section; false where the record does not have it.
func fact[T abi.File | abi.Sock | abi.Exec | abi.Fork | abi.Caps](r *liveRecord, s abi.Section, to *T) bool {
	if len(r.sections[s]) < int(unsafe.Sizeof(*to)) {
		return false
	}
	copyInto(to, r.sections[s])
	return true
}

// copyInto fills a struct of plain numbers from bytes that the same machine
// wrote in the same layout.
func copyInto[T abi.Head | abi.File | abi.Sock | abi.Exec | abi.Fork | abi.Caps](to *T, b []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(to)), unsafe.Sizeof(*to)), b)
}
