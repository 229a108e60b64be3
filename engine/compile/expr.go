package compile

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
)

// Expr is a resolved operand: exactly one of Field, Transformer, Items (with
// IsItems) or a constant.
type Expr struct {
	Field  *field.Definition
	Arg    string // of the field or transformer
	HasArg bool

	Transformer *operator.Transformer
	Args        []*Expr

	Items   []*Expr // of a list written out as a transformer's argument
	IsItems bool

	Const string // a constant argument

	Type field.Type
	List bool
	Text string // canonical form; equal texts are the same value
	At   filter.Span
}

func (e *Expr) String() string { return e.Text }

// IsConst tells that the expression is a constant argument of a transformer.
func (e *Expr) IsConst() bool { return e.Field == nil && e.Transformer == nil && !e.IsItems }

func (e *Expr) typeText() string {
	if e.List {
		return "list of " + operator.TypeName(e.Type)
	}
	return operator.TypeName(e.Type)
}

// eachField calls f for every field that the expression reads.
func (e *Expr) eachField(f func(*Expr)) {
	if e.Field != nil {
		f(e)
	}
	for _, arg := range e.Args {
		arg.eachField(f)
	}
	for _, item := range e.Items {
		item.eachField(f)
	}
}

// bothEnds tells that = matches either of two values and != neither.
func (e *Expr) bothEnds() bool { return e.Field != nil && e.Field.Flags&field.EitherEnd != 0 }

// use is where an operand stands; it decides which fields are allowed.
type use uint8

const (
	onLeft use = iota
	onRight
	inOutput
)

// operand resolves an operand of a condition.
func (b *binder) operand(o filter.Operand, where use) (*Expr, *Problem) {
	switch o := o.(type) {
	case *filter.Field:
		return b.field(o, where, false)
	case *filter.Transformer:
		return b.transformer(o, where)
	}
	return nil, problemf(o.Span(), "expected a field or a transformer")
}

func (b *binder) field(f *filter.Field, where use, transformed bool) (*Expr, *Problem) {
	def, arg, hasArg := b.plan.source.Fields().Resolve(f.Name)
	if def == nil {
		return nil, unknownField(f.At, f.Name, b.plan.source.Fields())
	}
	if f.HasArg {
		if hasArg {
			return nil, argumentForbidden(f.At, def)
		}
		arg, hasArg = f.Arg, true
	}
	e := &Expr{Field: def, Arg: arg, HasArg: hasArg, Type: def.Type, List: def.List, Text: fieldText(f), At: f.At}
	if def.TypeFor != nil && hasArg {
		e.Type = def.TypeFor(arg)
	}
	if p := checkField(e, where, transformed); p != nil {
		return nil, p
	}
	b.remark(e, where)
	return e, nil
}

// fieldText is the field as it was written, which is how outputs name it.
func fieldText(f *filter.Field) string {
	if f.HasArg {
		return f.Name + "[" + f.Arg + "]"
	}
	return f.Name
}

func checkField(e *Expr, where use, transformed bool) *Problem {
	def := e.Field
	switch {
	case e.HasArg && def.Arg&(field.ArgOptional|field.ArgRequired) == 0:
		return argumentForbidden(e.At, def)
	case !e.HasArg && def.Arg&field.ArgRequired != 0:
		return argumentMissing(e.At, def)
	case def.Flags&field.TableOnly != 0:
		return fieldUnusable(e.At, def)
	case where != inOutput && def.Flags&field.PrintOnly != 0:
		return printOnly(e.At, def)
	case where == inOutput && def.Flags&field.FilterOnly != 0:
		return filterOnly(e.At, def)
	case where == onRight && def.Flags&field.NoRHS != 0:
		return noRightSide(e.At, def)
	case transformed && def.Flags&field.NoTransformer != 0:
		return noTransformers(e.At, def)
	}
	return nil
}

// remark warns of fields that load but disappoint. Of evt.dir in conditions
// Warnings tells more.
func (b *binder) remark(e *Expr, where use) {
	if e.Field.Flags&field.Deprecated != 0 && (where == inOutput || e.Field.Name != dirField) {
		b.add(deprecated(e.At, e.Field))
	}
	if e.Field.Missing != "" {
		b.add(neverHasValue(e.At, e.Field))
	}
}

func (b *binder) transformer(t *filter.Transformer, where use) (*Expr, *Problem) {
	row, ok := operator.LookupTransformer(t.Name)
	if !ok {
		return nil, unknownTransformer(t.At, t.Name, filter.Transformers())
	}
	if row.RightOnly && where != onRight {
		return nil, problemf(t.At, "transformer '%s' stands on the right-hand side of a comparison only", t.Name)
	}
	e := &Expr{Transformer: row, Arg: t.Arg, HasArg: t.HasArg, At: t.At}
	for _, o := range t.Args {
		arg, p := b.argument(o, where, row.RightOnly)
		if p != nil {
			return nil, p
		}
		e.Args = append(e.Args, arg)
	}
	_, _, result, err := row.Plan(operands(e.Args), e.Arg, e.HasArg)
	if err != nil {
		return nil, problemf(t.At, "%v", err)
	}
	e.Type, e.List, e.Text = result.Type, result.List, transformerText(e)
	return e, nil
}

// argument resolves an argument of a transformer. Only val takes fields that
// refuse transformers.
func (b *binder) argument(o filter.Operand, where use, isVal bool) (*Expr, *Problem) {
	switch o := o.(type) {
	case *filter.Field:
		return b.field(o, where, !isVal)
	case *filter.Transformer:
		return b.transformer(o, where)
	case *filter.Value:
		return &Expr{Const: o.Text, Type: field.Charbuf, Text: o.Text, At: o.At}, nil
	case *filter.TransformerList:
		return b.items(o, where)
	}
	return nil, problemf(o.Span(), "this cannot be an argument of a transformer")
}

func (b *binder) items(l *filter.TransformerList, where use) (*Expr, *Problem) {
	e := &Expr{IsItems: true, List: true, Type: field.Charbuf, At: l.At}
	texts := make([]string, len(l.Items))
	for i, o := range l.Items {
		item, p := b.argument(o, where, false)
		if p != nil {
			return nil, p
		}
		if item.List {
			return nil, problemf(item.At, "a list cannot hold a list")
		}
		e.Items = append(e.Items, item)
		texts[i] = item.Text
	}
	e.Text = "(" + strings.Join(texts, ",") + ")"
	return e, nil
}

func operands(args []*Expr) []operator.Operand {
	list := make([]operator.Operand, len(args))
	for i, arg := range args {
		list[i] = operator.Operand{Type: arg.Type, List: arg.List}
	}
	return list
}

func transformerText(e *Expr) string {
	texts := make([]string, len(e.Args))
	for i, arg := range e.Args {
		texts[i] = arg.Text
	}
	text := e.Transformer.Name + "(" + strings.Join(texts, ",") + ")"
	if e.HasArg {
		text += "[" + e.Arg + "]"
	}
	return text
}

// constant is the value of a constant argument.
func (e *Expr) constant() event.Value { return event.Text(e.Const) }
