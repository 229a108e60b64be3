package output

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
)

const (
	// maxWidth bounds what one value can be filled up to.
	maxWidth = 1 << 12
	// maxName bounds the search for the field that a run of letters begins with.
	maxName = 128
)

// Compile compiles a template. It reports every problem, with places in the
// template's text; the Format is nil if one of them is an error.
func Compile(template string, plan *compile.Plan) (*Format, []compile.Problem) {
	p := &parser{text: template, plan: plan, names: map[string]bool{}}
	p.parse()
	if p.failed {
		return nil, p.problems
	}
	return &p.format, p.problems
}

type parser struct {
	text     string
	pos      int
	plan     *compile.Plan
	format   Format
	names    map[string]bool
	problems []compile.Problem
	failed   bool
}

func (p *parser) parse() {
	if p.text == "" {
		p.fail(filter.Span{}, "empty output")
		return
	}
	if p.text[0] == '*' {
		p.format.optional = true
		p.pos = 1
	}
	for p.pos < len(p.text) {
		percent := strings.IndexByte(p.text[p.pos:], '%')
		if percent < 0 {
			p.literal(p.text[p.pos:])
			return
		}
		p.literal(p.text[p.pos : p.pos+percent])
		p.pos += percent + 1
		p.value()
	}
}

// literal adds text, to the part before it if that is text too.
func (p *parser) literal(text string) {
	if n := len(p.format.parts); n > 0 && p.format.parts[n-1].ref == nil {
		p.format.parts[n-1].literal += text
		return
	}
	if text != "" {
		p.format.parts = append(p.format.parts, part{literal: text})
	}
}

// value reads what follows a percent sign.
func (p *parser) value() {
	if strings.HasPrefix(p.text[p.pos:], "%") {
		p.literal("%")
		p.pos++
		return
	}
	width := p.width()
	start := p.pos
	ref, end, problems := p.operand(p.text[start:])
	for _, problem := range problems {
		problem.At.Start += start
		problem.At.End += start
		p.add(problem)
	}
	p.pos = start + max(end, 0)
	if ref == nil {
		return
	}
	p.format.parts = append(p.format.parts, part{ref: ref, width: width})
	p.collect(ref.Expr)
}

// width reads the number before a field.
func (p *parser) width() int {
	start, n := p.pos, 0
	for p.pos < len(p.text) && p.text[p.pos]-'0' < 10 {
		n = min(n*10+int(p.text[p.pos]-'0'), maxWidth+1)
		p.pos++
	}
	if n > maxWidth {
		p.fail(filter.Span{Start: start, End: p.pos}, fmt.Sprintf("width %s is more than %d", p.text[start:p.pos], maxWidth))
	}
	return n
}

// operand plans the longest field, or the transformer, that text begins with.
func (p *parser) operand(text string) (ref *compile.Ref, end int, problems []compile.Problem) {
	o, end, err := filter.ParseOperand(text)
	if err != nil {
		problems = append(problems, syntaxProblem(text, err))
	} else if ref, problems = p.plan.Output(o); ref != nil {
		return ref, end, problems
	}
	for end = min(nameEnd(text), maxName); end > 0; end-- {
		if def, _, _ := p.plan.Source().Fields().Resolve(text[:end]); def == nil {
			continue
		}
		shorter := &filter.Field{Name: text[:end], At: filter.Span{End: end}}
		if ref, others := p.plan.Output(shorter); ref != nil {
			return ref, end, others
		}
	}
	return nil, max(nameEnd(text), 0), problems
}

// nameEnd is the length of the run of name letters that text begins with.
func nameEnd(text string) int {
	for i := range len(text) {
		if b := text[i]; b != '.' && b != '_' && b-'0' >= 10 && (b|0x20)-'a' >= 26 {
			return i
		}
	}
	return len(text)
}

// syntaxProblem is what is wrong with a text that no field or transformer
// begins. The words for a word that is neither are the reference's.
func syntaxProblem(text string, err error) compile.Problem {
	problem := compile.Problem{Message: err.Error()}
	var syntax *filter.Error
	if errors.As(err, &syntax) {
		problem.At, problem.Remedy = syntax.At, syntax.Remedy
	}
	token := text[:min(nameEnd(text), maxName)]
	switch {
	case token == "":
		problem.Remedy = "a percent sign begins a field; write %% for the sign itself"
	case problem.At.Start == 0:
		problem.Message = "invalid formatting token " + token
		problem.Remedy = "a field has a dot in its name; write %% for the percent sign itself"
	}
	return problem
}

// collect notes the values that an operand names: its fields, and its
// transformers except for those that are the last argument of another.
func (p *parser) collect(e *compile.Expr) {
	p.collectInner(e)
	if e.Transformer != nil {
		p.note(e)
	}
}

func (p *parser) collectInner(e *compile.Expr) {
	if e.Field != nil {
		p.note(e)
		return
	}
	inner := slices.Concat(e.Args, e.Items)
	last := len(inner) - 1
	for last > 0 && inner[last].IsConst() {
		last--
	}
	for i, arg := range inner {
		if i == last {
			p.collectInner(arg)
		} else {
			p.collect(arg)
		}
	}
}

func (p *parser) note(e *compile.Expr) {
	if ref := p.plan.Ref(e); ref != nil && !p.names[e.Text] {
		p.names[e.Text] = true
		p.format.fields = append(p.format.fields, Field{Name: e.Text, Ref: ref, Derived: e.Transformer != nil})
	}
}

func (p *parser) fail(at filter.Span, message string) {
	p.add(compile.Problem{At: at, Message: message})
}

func (p *parser) add(problem compile.Problem) {
	if !problem.Warning {
		problem.Code = diag.CompileOutput
		p.failed = true
	}
	p.problems = append(p.problems, problem)
}
