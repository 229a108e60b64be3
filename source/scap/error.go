package scap

import (
	"errors"
	"fmt"
)

// ErrFormat is what the errors of damaged captures match.
var ErrFormat = errors.New("bad capture")

// FormatError tells what is wrong with a capture and where.
type FormatError struct {
	Offset int64 // bytes of the decompressed capture before the bad block
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("capture damaged at byte %d: %s", e.Offset, e.Reason)
}

// Is makes a FormatError match ErrFormat.
func (*FormatError) Is(target error) bool { return target == ErrFormat }
