package syscall

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrRecord is what every error of Decode matches: the record is damaged or of
// a type that is not known. Skip the record, not the stream.
var ErrRecord = errors.New("bad event record")

// RecordError tells what is wrong with a record.
type RecordError struct {
	Type   uint16 // event number, 0 where the record ends before it
	Reason string
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("event record of type %d: %s", e.Type, e.Reason)
}

// Is makes a RecordError match ErrRecord.
func (*RecordError) Is(target error) bool { return target == ErrRecord }

// Form is the form of an event header in the capture format.
type Form uint8

// The header forms. FormCounted has the number of parameters; for the older
// FormBare it follows from the lengths.
const (
	FormCounted Form = iota
	FormBare
)

// Sizes of the event header: time, thread, length, type and the count.
const (
	bareHeader    = 8 + 8 + 4 + 2
	countedHeader = bareHeader + 4
)

// Decode reads a record in capture form: header, lengths of the parameters,
// parameters. The parameters alias rec, which must not change while the Event
// is in use. Everything is checked here, so that reading parameters needs no
// checks. It sets time, thread id and type; the caller sets CPU and number, and
// then state is added. On an error the Event keeps its former content.
func (e *Event) Decode(rec []byte, form Form) error {
	header := countedHeader
	if form == FormBare {
		header = bareHeader
	}
	if len(rec) < header {
		return &RecordError{Reason: "shorter than its header"}
	}
	num := binary.LittleEndian.Uint16(rec[20:])
	info := Info(num)
	if info == nil {
		return &RecordError{num, "unknown type"}
	}
	size := uint64(binary.LittleEndian.Uint32(rec[16:]))
	if form == FormBare && (num == EvNotificationE || num == EvInfraE) {
		size -= min(size, 3) // writers of that form counted 3 too many
	}
	if size < uint64(header) || size > uint64(len(rec)) {
		return &RecordError{num, "length does not fit the record"}
	}
	body := rec[header:size]
	width := 2
	if info.Flags&LargePayload != 0 {
		width = 4
	}
	count := countParams(rec, body, form, width, len(info.Params))
	if count < 0 || count > len(body)/width || !fits(body, width, count) {
		return &RecordError{num, "parameter lengths do not fit the record"}
	}
	e.Reset(info)
	e.Head.Time = binary.LittleEndian.Uint64(rec)
	e.TID = int64(binary.LittleEndian.Uint64(rec[8:]))
	e.span(body, width, count)
	return nil
}

// span sets the parameters to their places in the body, which fits. What is
// beyond the parameters that the schema knows is dropped.
func (e *Event) span(body []byte, width, count int) {
	data := body[count*width:]
	e.nparams = min(count, len(e.Info.Params), maxParams)
	for i := range e.nparams {
		n := paramLen(body, width, i)
		e.params[i] = data[:n:n]
		data = data[n:]
	}
	e.nameGeneric()
}

// countParams is how many parameters a record has, -1 where that cannot be.
func countParams(rec, body []byte, form Form, width, most int) int {
	if form == FormBare {
		return bareCount(body, width, most)
	}
	return int(binary.LittleEndian.Uint32(rec[bareHeader:]))
}

// bareCount finds how many parameters a record without a count has: the most,
// up to the schema's, with which lengths and data fill the body exactly. It
// returns -1 where no count does.
func bareCount(body []byte, width, most int) int {
	for count := min(most, len(body)/width); count >= 0; count-- {
		if count*width+sumLens(body, width, count) == len(body) {
			return count
		}
	}
	return -1
}

// fits tells whether count parameters fit into the body.
func fits(body []byte, width, count int) bool {
	return count*width+sumLens(body, width, count) <= len(body)
}

// sumLens adds up the lengths of the first count parameters; a sum beyond the
// body is as good as any other that does not fit.
func sumLens(body []byte, width, count int) int {
	sum := 0
	for i := range count {
		sum += paramLen(body, width, i)
	}
	return sum
}

// paramLen is the i-th entry of the array of lengths.
func paramLen(body []byte, width, i int) int {
	if width == 4 {
		return int(binary.LittleEndian.Uint32(body[4*i:]))
	}
	return int(binary.LittleEndian.Uint16(body[2*i:]))
}
