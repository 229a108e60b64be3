package jsondoc

import "fmt"

// Error says what is wrong with a text and where.
type Error struct {
	Offset  int // in bytes, from the start of what was parsed
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("JSON, byte %d: %s", e.Offset, e.Message)
}

// fail notes the first error; its result stands for a place in the text.
func (d *Document) fail(offset int, message string) int {
	if d.err == nil {
		d.err = &Error{Offset: offset, Message: message}
	}
	return -1
}
