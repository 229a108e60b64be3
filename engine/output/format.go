// Package output compiles output templates: text with fields in it.
//
//	%proc.name           a field
//	%proc.aname[2]       with its argument
//	%toupper(proc.name)  under a transformer
//	%12proc.name         cut or filled with blanks to 12 bytes
//	%%                   a percent sign
//	*…                   a leading star: missing values read <NA>, where without
//	                     it the text ends
package output

import (
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
)

// NotAvailable stands for a missing value.
const NotAvailable = "<NA>"

// Format is a compiled template. It is immutable and safe for concurrent use
// with different Contexts.
type Format struct {
	parts    []part
	fields   []Field
	optional bool // values may be missing
}

// part is literal text, or a value if it has a ref.
type part struct {
	literal string
	ref     *compile.Ref
	width   int // bytes; 0: as long as it is
}

// Field is a value that a template prints, or one that goes into it.
type Field struct {
	Name string // as written, without blanks and quotes
	Ref  *compile.Ref
	// Derived tells that the value is a transformer's.
	Derived bool
}

// Fields lists the values that the template names, each name once, in the order
// of the template; fields inside transformers come before them. The caller must
// not change it.
func (f *Format) Fields() []Field { return f.fields }

// Optional tells that the template begins with a star.
func (f *Format) Optional() bool { return f.optional }

// Append appends the text for the Context's event. It reports false, and ends
// the text there, at a missing value, unless the template begins with a star.
func (f *Format) Append(c *compile.Context, dst []byte) (text []byte, ok bool) {
	for i := range f.parts {
		p := &f.parts[i]
		if p.ref == nil {
			dst = append(dst, p.literal...)
			continue
		}
		start := len(dst)
		v := p.ref.Get(c)
		switch {
		case v.Exists():
			dst = appendValue(dst, v, p.ref.Expr.List)
		case f.optional:
			dst = append(dst, NotAvailable...)
		default:
			return dst, false
		}
		if p.width > 0 {
			dst = fit(dst, start+p.width)
		}
	}
	return dst, true
}

// appendValue appends a value as outputs show it. What is no list field but has
// several values (ancestors) reads as words.
func appendValue(dst []byte, v event.Value, list bool) []byte {
	if v.Kind() != event.KindList || list {
		return v.AppendText(dst)
	}
	for i, item := range v.List() {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = item.AppendText(dst)
	}
	return dst
}

const blanks = "                                                                "

// fit cuts text to length, or fills it up.
func fit(text []byte, length int) []byte {
	for len(text) < length {
		text = append(text, blanks[:min(len(blanks), length-len(text))]...)
	}
	return text[:length]
}
