package operator

import (
	"encoding/base64"
	"strings"
	"unsafe"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

func identity(_ *event.Scratch, v *event.Value) event.Value { return *v }

func toLower(s *event.Scratch, v *event.Value) event.Value { return mapBytes(s, v, lower) }
func toUpper(s *event.Scratch, v *event.Value) event.Value { return mapBytes(s, v, upper) }

// mapBytes copies the text only if a byte changes.
func mapBytes(s *event.Scratch, v *event.Value, f func(byte) byte) event.Value {
	text := v.Str()
	for i := range len(text) {
		if f(text[i]) == text[i] {
			continue
		}
		b := append(s.Buffer(len(text)), text[:i]...)
		for ; i < len(text); i++ {
			b = append(b, f(text[i]))
		}
		return event.Text(s.Text(b))
	}
	return event.Text(text)
}

// fromBase64 is missing where the text is no Base64. The padding may be missing:
// what encodes for a command line often leaves it out.
func fromBase64(s *event.Scratch, v *event.Value) event.Value {
	text := strings.TrimRight(v.Str(), "=")
	b := s.Buffer(base64.RawStdEncoding.DecodedLen(len(text)))
	b = b[:cap(b)]
	n, err := base64.RawStdEncoding.Decode(b, unsafe.Slice(unsafe.StringData(text), len(text)))
	if err != nil {
		return event.Value{}
	}
	decoded := s.Text(b[:n])
	if v.Kind() == event.KindBytes {
		return event.Bytes(decoded)
	}
	return event.Text(decoded)
}

func basename(_ *event.Scratch, v *event.Value) event.Value {
	text := v.Str()
	return event.Text(text[strings.LastIndexByte(text, '/')+1:])
}

func asCount(Operand) Operand { return Operand{Type: field.Uint64} }

func length(_ *event.Scratch, v *event.Value) event.Value {
	if v.Kind() == event.KindList {
		return event.Uint(uint64(len(v.List())))
	}
	return event.Uint(uint64(len(v.Str())))
}
