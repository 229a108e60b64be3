package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
)

// Problem is what is wrong with a condition, or dubious in it.
type Problem struct {
	// Node is the comparison at fault; nil where the text was no condition.
	// Through it the caller knows which macro the Span belongs to.
	Node    filter.Node
	At      filter.Span
	Message string
	Remedy  string // what to do; empty where nothing useful is known
	Suggest string // the name that was probably meant
	Warning bool
	Code    diag.Code
	// Unknown tells that the source has no such field or event type; rules may
	// ask to be skipped for that (skip-if-unknown-filter).
	Unknown bool
}

// Error is the message with its remedy.
func (p *Problem) Error() string {
	text := p.Message
	if p.Suggest != "" {
		text += "; did you mean " + p.Suggest + "?"
	}
	if p.Remedy != "" {
		text += "; " + p.Remedy
	}
	return text
}

// Each of the functions below is the one maker of its message. Where the
// reference implementation's wording is known to tests, the words are the same.

func problemf(at filter.Span, format string, args ...any) *Problem {
	return &Problem{At: at, Message: fmt.Sprintf(format, args...), Code: diag.CompileCondition}
}

func warningf(at filter.Span, code diag.Code, format string, args ...any) *Problem {
	return &Problem{At: at, Message: fmt.Sprintf(format, args...), Code: code, Warning: true}
}

func unknownField(at filter.Span, name string, fields *field.Registry) *Problem {
	p := problemf(at, "filter_check called with nonexistent field %s", name)
	p.Unknown = true
	p.Suggest = diag.Suggest(name, slices.Values(fields.Names()))
	return p
}

func unknownEventType(at filter.Span, name string, types *event.Types) *Problem {
	p := problemf(at, "unknown event type %s", name)
	p.Unknown = true
	p.Suggest = diag.Suggest(name, types.All())
	return p
}

func unknownTransformer(at filter.Span, name string, known []string) *Problem {
	p := problemf(at, "unknown transformer '%s'", name)
	p.Remedy = "the transformers are " + strings.Join(known, ", ")
	return p
}

func badArgument(at filter.Span, def *field.Definition, err error) *Problem {
	return problemf(at, "filter error: field '%s': %v", def.Name, err)
}

func argumentMissing(at filter.Span, def *field.Definition) *Problem {
	p := problemf(at, "filter error: field '%s' requires an argument but none is given", def.Name)
	p.Remedy = fmt.Sprintf("write %s[…]", def.Name)
	return p
}

func argumentForbidden(at filter.Span, def *field.Definition) *Problem {
	p := problemf(at, "filter error: field '%s' does not take an argument", def.Name)
	p.Remedy = fmt.Sprintf("write %s without brackets", def.Name)
	return p
}

func fieldUnusable(at filter.Span, def *field.Definition) *Problem {
	return problemf(at, "field '%s' is known by name but has no value anywhere", def.Name)
}

func printOnly(at filter.Span, def *field.Definition) *Problem {
	return problemf(at, "field '%s' can be used in outputs only", def.Name)
}

func filterOnly(at filter.Span, def *field.Definition) *Problem {
	return problemf(at, "field '%s' can be used in conditions only", def.Name)
}

func noTransformers(at filter.Span, def *field.Definition) *Problem {
	return problemf(at, "field '%s' does not support transformers", def.Name)
}

func noRightSide(at filter.Span, def *field.Definition) *Problem {
	p := problemf(at, "field '%s' can't be used as right-hand side field", def.Name)
	p.Remedy = "put it on the left"
	return p
}

func leftHasTwoEnds(at filter.Span, def *field.Definition) *Problem {
	return problemf(at, "field '%s' can be compared with constants only", def.Name)
}

func constantsOnly(at filter.Span, op string) *Problem {
	return problemf(at, "'%s' operator takes constants only, not a field or transformer", op)
}

func typesDiffer(at filter.Span, left, right *Expr) *Problem {
	return problemf(at, "%s is a %s, %s is a %s: they cannot be compared", left, left.typeText(), right, right.typeText())
}

func opaqueEventType(at filter.Span) *Problem {
	p := problemf(at, "the event type can be compared with constants only: the event types of the rule cannot be known otherwise")
	p.Remedy = "compare evt.type with =, != or in and constants"
	return p
}

func looksLikeField(at filter.Span, text string) *Problem {
	w := warningf(at, diag.ConditionWarning, "'%s' may be a valid field misused as a const string value", text)
	w.Remedy = fmt.Sprintf("it is compared as text; write val(%s) to compare with the field's value", strings.TrimSpace(text))
	return w
}

func looksLikeTransformer(at filter.Span, text string) *Problem {
	w := warningf(at, diag.ConditionWarning, "'%s' may be a valid field transformer misused as a const string value", text)
	w.Remedy = "it is compared as text; leave the quotes out to compare with its value"
	return w
}

func plainRegex(at filter.Span, pattern string) *Problem {
	w := warningf(at, diag.ConditionWarning, "regular expression '%s' matches fixed text only", pattern)
	w.Remedy = "=, startswith, endswith or contains does the same and is faster"
	return w
}

func deprecated(at filter.Span, def *field.Definition) *Problem {
	return warningf(at, diag.DeprecatedItem, "field '%s' is deprecated", def.Name)
}

func neverHasValue(at filter.Span, def *field.Definition) *Problem {
	return warningf(at, diag.FieldNoValue, "field '%s' never has a value here: %s", def.Name, def.Missing)
}
