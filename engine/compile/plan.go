package compile

import (
	"strconv"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
)

// Plan collects what a ruleset reads from the events of one source. It hands
// out memo slots: equal fields with equal arguments and transformers share one,
// and so do equal parts of conditions.
// A Plan is not safe for concurrent use; what it compiled is, with one Context
// for each goroutine.
type Plan struct {
	source field.Source
	refs   map[string]*Ref
	typer  typer
	leaves map[filter.Node]*Tree // comparisons without problems

	parts   map[partKey]*part
	results int // slots of remembered results
}

// NewPlan makes an empty plan.
func NewPlan(source field.Source) *Plan {
	return &Plan{source: source, refs: map[string]*Ref{}, leaves: map[filter.Node]*Tree{}, parts: map[partKey]*part{}, typer: newTyper(source.Types())}
}

// Source is the source whose events the plan reads.
func (p *Plan) Source() field.Source { return p.source }

// NewContext makes the state of one evaluating goroutine. Everything must have
// been compiled before.
func (p *Plan) NewContext() *Context {
	return &Context{memo: make([]memo, len(p.refs)), results: make([]uint64, p.results)}
}

// Value plans the reading of a field, under transformers if any: what a list of
// fields to capture names. The error is a *Problem or *filter.Error.
func (p *Plan) Value(text string) (*Ref, error) {
	operand, end, err := filter.ParseOperand(text)
	switch {
	case err != nil:
		return nil, err
	case end < len(text):
		return nil, problemf(filter.Span{Start: end, End: len(text)}, "unexpected text after '%s'", text[:end])
	}
	ref, problems := p.Output(operand)
	if ref == nil {
		return nil, &problems[len(problems)-1]
	}
	return ref, nil
}

// Output plans the reading of an operand that an output names. The Ref is nil if
// one of the problems is an error, which is then the last.
func (p *Plan) Output(o filter.Operand) (*Ref, []Problem) {
	b := &binder{plan: p}
	e, problem := b.operand(o, inOutput)
	if problem == nil {
		var ref *Ref
		if ref, problem = p.ref(e); problem == nil {
			return ref, b.problems
		}
	}
	b.add(problem)
	return nil, b.problems
}

// Ref finds the slot of an expression that the plan has resolved, also as part
// of another.
func (p *Plan) Ref(e *Expr) *Ref { return p.refs[slotKey(e)] }

// ref finds or plans the slot of an expression.
func (p *Plan) ref(e *Expr) (*Ref, *Problem) {
	key := slotKey(e)
	if ref := p.refs[key]; ref != nil {
		return ref, nil
	}
	ref := &Ref{Expr: e}
	var problem *Problem
	switch {
	case e.Field != nil:
		ref.read, problem = fieldGetter(e)
	case e.Transformer != nil:
		ref.derive, problem = p.transformGetter(e)
	case e.IsItems:
		ref.derive, problem = p.itemsGetter(e)
	default:
		value := e.constant()
		ref.derive = func(*Context) event.Value { return value }
	}
	if problem != nil {
		return nil, problem
	}
	ref.slot = len(p.refs)
	p.refs[key] = ref
	return ref, nil
}

// fieldGetter is the field's getter for its argument.
func fieldGetter(e *Expr) (field.Getter, *Problem) {
	get := e.Field.Get
	if e.HasArg && e.Field.Bind != nil {
		bound, err := e.Field.Bind(e.Arg)
		if err != nil {
			return nil, badArgument(e.At, e.Field, err)
		}
		get = bound
	}
	if get == nil || e.HasArg && e.Field.Bind == nil {
		get = missing
	}
	return get, nil
}

func missing(*event.Event) event.Value { return event.Value{} }

func (p *Plan) transformGetter(e *Expr) (func(*Context) event.Value, *Problem) {
	transform, combine, _, err := e.Transformer.Plan(operands(e.Args), e.Arg, e.HasArg)
	if err != nil {
		return nil, problemf(e.At, "%v", err)
	}
	args, problem := p.refsOf(e.Args)
	if problem != nil {
		return nil, problem
	}
	if combine != nil {
		return func(c *Context) event.Value {
			values, ok := loadAll(c, args)
			if !ok {
				return event.Value{}
			}
			return combine(&c.ev.Scratch, values)
		}, nil
	}
	arg := args[0]
	return func(c *Context) event.Value {
		v := arg.load(c)
		if !v.Exists() {
			return event.Value{}
		}
		return transform(&c.ev.Scratch, v)
	}, nil
}

func (p *Plan) itemsGetter(e *Expr) (func(*Context) event.Value, *Problem) {
	items, problem := p.refsOf(e.Items)
	if problem != nil {
		return nil, problem
	}
	return func(c *Context) event.Value {
		values, ok := loadAll(c, items)
		if !ok {
			return event.Value{}
		}
		return event.ListOf(values)
	}, nil
}

func (p *Plan) refsOf(list []*Expr) ([]*Ref, *Problem) {
	refs := make([]*Ref, len(list))
	for i, e := range list {
		ref, problem := p.ref(e)
		if problem != nil {
			return nil, problem
		}
		refs[i] = ref
	}
	return refs, nil
}

// loadAll reads several values into the event's Scratch; false if one is missing.
func loadAll(c *Context, refs []*Ref) ([]event.Value, bool) {
	values := c.ev.Scratch.List(len(refs))
	for i, ref := range refs {
		v := ref.load(c)
		if !v.Exists() {
			return nil, false
		}
		values[i] = *v
	}
	return values, true
}

// slotKey tells apart a constant from a field of the same text, and different
// ways of bracketing: constants are quoted.
func slotKey(e *Expr) string {
	switch {
	case e.Field != nil && e.HasArg:
		return e.Field.Name + "[" + strconv.Quote(e.Arg) + "]"
	case e.Field != nil:
		return e.Field.Name
	case e.IsConst():
		return strconv.Quote(e.Const)
	}
	key := "("
	if e.Transformer != nil {
		key = e.Transformer.Name + "["
		if e.HasArg {
			key += strconv.Quote(e.Arg)
		}
		key += "]("
	}
	for _, arg := range e.Args {
		key += slotKey(arg) + ","
	}
	for _, item := range e.Items {
		key += slotKey(item) + ","
	}
	return key + ")"
}
