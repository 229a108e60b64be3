// Package field holds the definitions of the fields that conditions and outputs
// can name, and the registry that finds them. Definitions are rows of tables in
// the source packages; this package knows no source.
package field

import "github.com/lannersec/lanner/engine/event"

// Getter reads a field's value from an event. It must not allocate: text comes
// from the event's own memory, from process state or from its Scratch.
type Getter func(*event.Event) event.Value

// ArgMode tells whether a field takes an argument, as in proc.aname[2].
type ArgMode uint8

// The argument modes. ArgIndex and ArgKey are added to ArgOptional or ArgRequired.
const (
	ArgNone     ArgMode = 0
	ArgOptional ArgMode = 1 << iota
	ArgRequired
	ArgIndex // a number
	ArgKey   // a name
)

// Flags are properties of a field that the compiler must know.
type Flags uint16

// The field flags.
const (
	FilterOnly    Flags = 1 << iota // not in outputs
	PrintOnly                       // not in conditions
	NoRHS                           // never on the right-hand side of a comparison
	NoTransformer                   // refuses transformers
	Deprecated                      // a warning where it is used
	TableOnly                       // known by name, for no use
	EitherEnd                       // fd.ip and kin: = matches either end, != neither
	Forgeable                       // the watched process, or its parent, can choose the value
)

// Definition is one field: one row of a source's table.
type Definition struct {
	Name  string // as written in rules, without argument
	Type  Type
	List  bool // yields a list of Type
	Arg   ArgMode
	Flags Flags
	Desc  string // one sentence, for docs and `lanner fields`
	// Get reads a field that has no argument, or whose optional argument is absent.
	Get Getter
	// Bind makes the Getter for an argument; it runs once, when a rule is
	// compiled. An error says what is wrong with the argument.
	Bind func(arg string) (Getter, error)
	// TypeFor, if set, decides the type from the argument (evt.rawarg.res).
	TypeFor func(arg string) Type
	// Missing is the reason why the field has no Getter yet or ever; such a
	// field loads and never has a value. Empty for a field that works.
	Missing string
}
