package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
)

// Error is what is wrong with a text, and where.
type Error struct {
	At      Span
	Message string
	// Remedy says what to write instead; empty where nothing useful is known.
	Remedy string
	// Suggest is the word that was probably meant, or empty.
	Suggest string
}

// Error is the message alone: whoever prints it adds the place.
func (e *Error) Error() string { return e.Message }

// The constructors below are the only makers of messages. Where the reference
// implementation's message is known to tests and users, the words are the same.

func errEmpty() *Error {
	return &Error{Message: "filter input string is empty", Remedy: "write a condition"}
}

func errTooLong(length int) *Error {
	return &Error{
		At:      Span{MaxLength, length},
		Message: fmt.Sprintf("condition of %d bytes is longer than %d", length, MaxLength),
		Remedy:  "split the condition, or shorten its lists",
	}
}

func errTooDeep(at Span, limit int) *Error {
	return &Error{
		At:      at,
		Message: fmt.Sprintf("exceeded max depth limit of %d", limit),
		Remedy:  "name the inner parts as macros",
	}
}

func errUnexpected(at Span, last string) *Error {
	return &Error{At: at, Message: fmt.Sprintf("unexpected token after '%s', expecting 'or', 'and'", last)}
}

func errToken(at Span, token string) *Error {
	return &Error{At: at, Message: fmt.Sprintf("expected a '%s' token", token)}
}

func errJoiner(at Span, word string) *Error {
	return &Error{
		At:      at,
		Message: fmt.Sprintf("expected blank or '(' after '%s'", word),
	}
}

func errCheck(at Span) *Error {
	return &Error{At: at, Message: "expected a '(' token, a field check, or an identifier"}
}

func errOperand(at Span) *Error {
	return &Error{At: at, Message: "expected a field or a transformer"}
}

func errFieldArg(at Span) *Error {
	return &Error{At: at, Message: "expected a valid field argument: a quoted string or a bare string"}
}

func errOperator(at Span, word string) *Error {
	return &Error{
		At:      at,
		Message: "expected a valid check operator: one of " + quotedList(Operators()),
		Suggest: diag.Suggest(word, slices.Values(Operators())),
	}
}

func errValue(at Span, kind string) *Error {
	return &Error{
		At:      at,
		Message: fmt.Sprintf("expected %s or a field with a valid transformer: %s", kind, quotedList(Transformers())),
	}
}

func errListItem(at Span) *Error {
	return &Error{At: at, Message: "expected a string value"}
}

func errModifierList(at Span, modifier string) *Error {
	return &Error{At: at, Message: fmt.Sprintf("expected a list or an identifier after '%s'", modifier)}
}

func errTransformerArg(at Span) *Error {
	return &Error{At: at, Message: "expected a field, a transformer, a string, a number or a list of these"}
}

func errValField(at Span) *Error {
	return &Error{At: at, Message: "expected a field within 'val' transformer"}
}

func quotedList(words []string) string {
	return "'" + strings.Join(words, "', '") + "'"
}
