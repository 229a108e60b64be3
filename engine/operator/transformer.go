package operator

import (
	"fmt"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
)

// Operand is what a transformer must know of one of its arguments.
type Operand struct {
	Type field.Type
	List bool
}

// Transform computes a value from one; it is Missing where there is no result.
// Text that it makes lives in the Scratch.
type Transform func(s *event.Scratch, v *event.Value) event.Value

// Combine computes a value from all arguments; none of them is Missing.
type Combine func(s *event.Scratch, args []event.Value) event.Value

// Transformer is one row of the transformer table. It has either an item or a
// whole function (one argument), or a plan (several).
type Transformer struct {
	Name    string
	Doc     string // one sentence
	Example string // a condition on kernel events
	// Accepts is the classes of the argument of a one-argument transformer, and
	// AcceptsList those of a list's items where they differ.
	Accepts, AcceptsList Class
	// TakesIndex tells that a bracketed argument may follow.
	TakesIndex bool
	// RightOnly tells that it stands on the right of a comparison only.
	RightOnly bool
	// Result is the type it yields; nil keeps the argument's type.
	Result func(arg Operand) Operand

	item  Transform // applied to a value, or to every item of a list
	whole Transform // applied to a value or list as it is
	plan  func(args []Operand, index string, hasIndex bool) (Combine, Operand, error)
}

// transformers is all transformers, in the order in which messages list them.
var transformers = []Transformer{
	{Name: "val", Doc: "The field's value, where a bare name would be a constant.", Example: "proc.name = val(proc.pname)", Accepts: scalar | Other, RightOnly: true, whole: identity},
	{Name: "tolower", Doc: "ASCII letters in lower case.", Example: "tolower(proc.name) = nginx", Accepts: Text, item: toLower},
	{Name: "toupper", Doc: "ASCII letters in upper case.", Example: "toupper(proc.name) = NGINX", Accepts: Text, item: toUpper},
	{Name: "b64", Doc: "The text that a Base64 text stands for.", Example: "b64(proc.args) contains curl", Accepts: Text | Buffer, item: fromBase64},
	{Name: "basename", Doc: "What follows the last slash of a path.", Example: "basename(proc.exepath) != val(proc.name)", Accepts: Text, item: basename},
	{Name: "len", Doc: "The number of bytes of a text, or of items of a list.", Example: "len(proc.cmdline) > 1024", Accepts: Text | Buffer, AcceptsList: scalar, Result: asCount, whole: length},
	{Name: "join", Doc: "The items of a list as one text, with a separator between them.", Example: "join('/', (proc.pname, proc.name)) = bash/curl", plan: planJoin},
	{Name: "concat", Doc: "Its arguments as one text.", Example: "concat(proc.name, ' ', proc.args) startswith 'nc -l'", plan: planConcat},
	{Name: "getopt", Doc: "The options and their arguments that getopt(3) finds in a list, or with an index the argument of that option.", Example: "getopt(('-p', proc.args), 'p:')[p] contains nc", TakesIndex: true, plan: planGetopt},
}

// Transformers lists all rows, for documentation.
func Transformers() []Transformer { return append([]Transformer(nil), transformers...) }

// LookupTransformer finds a transformer by name.
func LookupTransformer(name string) (*Transformer, bool) {
	for i := range transformers {
		if transformers[i].Name == name {
			return &transformers[i], true
		}
	}
	return nil, false
}

// Plan checks the arguments. Exactly one of the two functions is returned.
func (t *Transformer) Plan(args []Operand, index string, hasIndex bool) (Transform, Combine, Operand, error) {
	if hasIndex && !t.TakesIndex {
		return nil, nil, Operand{}, fmt.Errorf("filter error: transformer '%s' does not support field arguments", t.Name)
	}
	if t.plan != nil {
		combine, result, err := t.plan(args, index, hasIndex)
		return nil, combine, result, err
	}
	if len(args) != 1 {
		return nil, nil, Operand{}, fmt.Errorf("transformer '%s' takes one argument, not %d", t.Name, len(args))
	}
	if err := t.check(args[0]); err != nil {
		return nil, nil, Operand{}, err
	}
	return t.transform(args[0]), nil, t.result(args[0]), nil
}

func (t *Transformer) check(arg Operand) error {
	row, accepts := rowOf(arg.Type), t.Accepts
	if arg.List && t.AcceptsList != 0 {
		accepts = t.AcceptsList
	}
	if accepts&row.class == 0 {
		return fmt.Errorf("transformer '%s' does not support field type '%s'", t.Name, row.name)
	}
	return nil
}

// AcceptsType tells whether a one-argument transformer takes the type.
func (t *Transformer) AcceptsType(ft field.Type, list bool) bool {
	return t.plan == nil && t.check(Operand{Type: ft, List: list}) == nil
}

func (t *Transformer) result(arg Operand) Operand {
	if t.Result != nil {
		return t.Result(arg)
	}
	return Operand{Type: arg.Type, List: arg.List}
}

func (t *Transformer) transform(arg Operand) Transform {
	switch {
	case t.whole != nil:
		return t.whole
	case arg.List:
		return eachItem(t.item)
	}
	return t.item
}

// eachItem applies f to the items of a list; an item without result makes the
// whole list missing.
func eachItem(f Transform) Transform {
	return func(s *event.Scratch, v *event.Value) event.Value {
		from := v.List()
		to := s.List(len(from))
		for i := range from {
			to[i] = f(s, &from[i])
			if !to[i].Exists() {
				return event.Value{}
			}
		}
		return event.ListOf(to)
	}
}
