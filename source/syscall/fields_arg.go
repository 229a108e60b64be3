package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

var argFields = []field.Definition{
	{Name: "evt.arg", Type: field.Charbuf, Arg: field.ArgRequired | field.ArgIndex | field.ArgKey,
		Desc: "A parameter of the event, by name or number, as text: names for flags, the path behind a descriptor.", Bind: bindArg},
	{Name: "evt.rawarg", Type: field.Dyn, Arg: field.ArgRequired | field.ArgKey, Flags: field.NoRHS | field.NoTransformer,
		Desc: "A parameter of the event, by name, with its own type.", Bind: bindRawArg, TypeFor: rawArgType},
	{Name: "evt.args", Type: field.Charbuf, Desc: "All parameters of the event as name=value text.", Get: allArgs},
	{Name: "evt.info", Type: field.Charbuf, Desc: "As evt.args.", Get: allArgs},
	{Name: "evt.abspath", Type: field.Charbuf, Arg: field.ArgOptional | field.ArgKey,
		Desc: "Absolute path that a call with a directory descriptor means; with the argument src or dst one of the two paths of renameat and its kin.",
		Get:  absPath(pathOnly), Bind: bindAbsPath},
}

func allArgs(ev *event.Event) event.Value {
	e := of(ev)
	return event.Text(ev.Scratch.Text(e.AppendArgs(ev.Scratch.Buffer(argsRoom))))
}

// argsRoom and argRoom are how much text parameters usually make.
const (
	argsRoom = 512
	argRoom  = 128
)

// bindArg finds a parameter by number, or by name in every encoding that has
// it, when a rule is compiled.
func bindArg(arg string) (field.Getter, error) {
	if isNumber(arg) {
		i, err := index(arg)
		if err != nil {
			return nil, err
		}
		return func(ev *event.Event) event.Value { return of(ev).argValue(i) }, nil
	}
	at := paramIndexes(arg)
	if at == nil {
		return nil, unknownArg(arg)
	}
	return func(ev *event.Event) event.Value {
		e := of(ev)
		return e.argValue(int(at[e.Info.Num]) - 1)
	}, nil
}

// unknownArg is the error for a parameter that no event has.
func unknownArg(name string) error { return &argError{name, "unknown event argument " + name} }

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// paramIndexes has 1 + the index of the parameter of that name for each
// encoding, 0 where it has none. It is nil where no encoding has it.
func paramIndexes(name string) []uint8 {
	var at []uint8
	for num := range schema {
		if i := schema[num].Param(name); i >= 0 {
			if at == nil {
				at = make([]uint8, len(schema))
			}
			at[num] = uint8(i + 1)
		}
	}
	return at
}

// argValue is the i-th parameter as evt.arg shows it, Missing where the event
// does not have it.
func (e *Event) argValue(i int) event.Value {
	if uint(i) >= uint(e.nparams) {
		return event.Value{}
	}
	if e.Info.Params[i].Type == field.Charbuf {
		return event.Text(e.Text(i))
	}
	s := &e.Head.Scratch
	return event.Text(s.Text(e.AppendArg(s.Buffer(argRoom+len(e.params[i])), i)))
}

// rawArgType is the type of the parameter of that name in the first encoding
// that has one; rules are compiled against it.
func rawArgType(arg string) field.Type {
	if p := firstParam(arg); p != nil {
		return p.Type
	}
	return field.NoType
}

func firstParam(name string) *ParamInfo {
	for num := range schema {
		if i := schema[num].Param(name); i >= 0 {
			return &schema[num].Params[i]
		}
	}
	return nil
}

func bindRawArg(arg string) (field.Getter, error) {
	at := paramIndexes(arg)
	if at == nil {
		return nil, unknownArg(arg)
	}
	kind := shapeOf[rawArgType(arg)]
	return func(ev *event.Event) event.Value {
		e := of(ev)
		i := int(at[e.Info.Num]) - 1
		if uint(i) >= uint(e.nparams) {
			return event.Value{}
		}
		return e.rawValue(i, kind)
	}, nil
}

// rawValue is the i-th parameter as a value of the shape that the rule was
// compiled for; shown in hexadecimal where its own format says so.
func (e *Event) rawValue(i int, want shape) event.Value {
	p := &e.Info.Params[i]
	v := e.typed(p.Type, i)
	switch {
	case !v.Exists() || shapeOf[p.Type] > shapeInt || want > shapeInt:
	case want == shapeInt:
		v = event.Int(e.Int(i))
	default:
		v = event.Uint(e.Uint(i))
	}
	if p.Format == Hex {
		v = v.InHex()
	}
	return v
}
