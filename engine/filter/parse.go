package filter

import (
	"slices"

	"github.com/lannersec/lanner/engine/diag"
)

// The grammar, in EBNF. Blanks may stand between tokens.
//
//	or        = and { "or" ( blank and | "(" or ")" ) }
//	and       = not { "and" ( blank not | "(" or ")" ) }
//	not       = { "not" blank } ( "not(" or ")" | check )
//	check     = "(" or ")" | left condition | identifier
//	left      = field | transformer
//	condition = "exists"
//	          | ( "<" | "<=" | ">" | ">=" ) ( number | right )
//	          | string-operator ( string | right | modifier ( list | identifier ) )
//	          | list-operator ( list | right | identifier )
//	right     = "val(" field ")" | transformer
//	list      = "(" [ string { "," string } ] ")"
//
//	field       = name [ argument ]
//	argument    = "[" ( quoted | bare ) "]"
//	transformer = name "(" item { "," item } ")" [ argument ]
//	item        = transformer | field | number | quoted | bare | "(" [ item { "," item } ] ")"

const (
	// MaxLength bounds a condition, and so the memory of its tree.
	MaxLength = 4 << 20
	// maxDepth bounds the parser's recursion. A parenthesis takes five levels,
	// as in the reference implementation, so that both refuse the same text.
	maxDepth = 100
	// maxRuleDepth is the bound for conditions of rules: exceptions and what is
	// appended add parentheses that nobody wrote.
	maxRuleDepth = 1000
)

// Parse reads a condition. The error is an *Error; no text makes it panic.
// The tree's strings alias the text.
func Parse(text string) (Node, error) { return parse(text, maxDepth) }

// ParseRule is Parse for the condition of a rule or macro, which may nest deeper.
func ParseRule(text string) (Node, error) { return parse(text, maxRuleDepth) }

func parse(text string, depth int) (Node, error) {
	if text == "" {
		return nil, errEmpty()
	}
	if len(text) > MaxLength {
		return nil, errTooLong(len(text))
	}
	p := &parser{lexer: lexer{text: text}, limit: depth}
	var node Node
	if err := p.guard(func() { node = p.whole() }); err != nil {
		return nil, err
	}
	return node, nil
}

// ParseOperand reads the field or transformer that text begins with and tells
// where it ends: what follows is the caller's. The error is an *Error.
func ParseOperand(text string) (o Operand, end int, err error) {
	if len(text) > MaxLength {
		return nil, 0, errTooLong(len(text))
	}
	p := &parser{lexer: lexer{text: text}, limit: maxDepth}
	if err := p.guard(func() { o = p.fieldOrTransformer() }); err != nil {
		return nil, 0, err
	}
	return o, p.pos, nil
}

type parser struct {
	lexer
	depth int
	limit int // of depth
}

// bailout carries an Error up to guard: one exit for all productions, as
// go/parser does it.
type bailout struct{ err *Error }

func (p *parser) fail(err *Error) { panic(bailout{err}) }

// guard runs a production and returns the Error that it failed with.
func (p *parser) guard(production func()) (err *Error) {
	defer func() {
		switch failed := recover().(type) {
		case nil:
		case bailout:
			err = failed.err
		default:
			panic(failed)
		}
	}()
	production()
	return nil
}

func (p *parser) whole() Node {
	node := p.or()
	if p.pos < len(p.text) {
		p.fail(p.unexpected())
	}
	return node
}

// unexpected explains the text that is left over after a complete condition.
func (p *parser) unexpected() *Error {
	err := errUnexpected(p.next(), p.last)
	switch p.text[p.pos] {
	case ')':
		err.Remedy = "this ')' closes nothing: remove it, or add the '(' that is missing"
	case '(':
		err.Remedy = "only a transformer takes '(' after its name: " + quotedList(Transformers())
		err.Suggest = diag.Suggest(p.last, slices.Values(Transformers()))
	}
	return err
}

// enter counts a level of recursion; the caller takes it back with leave.
func (p *parser) enter() {
	p.depth++
	if p.depth >= p.limit {
		p.fail(errTooDeep(p.next(), p.limit))
	}
}

func (p *parser) leave() { p.depth-- }

// next is the span of what follows, for messages: a word or one byte.
func (p *parser) next() Span {
	end := p.run(p.pos, isWord)
	if end == p.pos && end < len(p.text) {
		end++
	}
	return Span{p.pos, end}
}

// since is the span from start to the end of the last token.
func (p *parser) since(start int) Span { return Span{start, max(start, p.end)} }

func (p *parser) or() Node {
	children, at := p.joined("or", p.and)
	if len(children) == 1 {
		return children[0]
	}
	return &Or{Children: children, At: at}
}

func (p *parser) and() Node {
	children, at := p.joined("and", p.not)
	if len(children) == 1 {
		return children[0]
	}
	return &And{Children: children, At: at}
}

// joined reads one or more operands with word between them.
func (p *parser) joined(word string, operand func() Node) ([]Node, Span) {
	p.enter()
	p.blank()
	start := p.pos
	children := []Node{operand()}
	p.blank()
	for p.literal(word) {
		switch {
		case p.blank():
			children = append(children, operand())
		case p.literal("("):
			children = append(children, p.embedded())
		default:
			p.fail(errJoiner(p.next(), word))
		}
		p.blank()
	}
	p.leave()
	return children, p.since(start)
}

func (p *parser) not() Node {
	p.enter()
	p.blank()
	start, negated := p.pos, false
	for p.lexer.not() {
		negated = !negated
	}
	var child Node
	if p.literal("not(") {
		negated = !negated
		child = p.embedded()
	} else {
		child = p.check()
	}
	p.leave()
	if !negated {
		return child
	}
	return &Not{Child: child, At: p.since(start)}
}

// embedded reads the rest of a condition in parentheses.
func (p *parser) embedded() Node {
	p.enter()
	child := p.or()
	if !p.literal(")") {
		p.fail(p.unclosed(child.Span().Start))
	}
	p.leave()
	return child
}

// unclosed explains a missing parenthesis by what it would close.
func (p *parser) unclosed(start int) *Error {
	err := errToken(p.next(), ")")
	err.Remedy = "it would close the '(' before: " + excerpt(p.text[start:])
	return err
}

// excerptLength is how much of a text a message repeats.
const excerptLength = 24

func excerpt(text string) string {
	if len(text) <= excerptLength {
		return text
	}
	return text[:excerptLength] + "…"
}

func (p *parser) check() Node {
	p.enter()
	p.blank()
	node := p.checkOf(p.pos)
	p.leave()
	return node
}

func (p *parser) checkOf(start int) Node {
	if p.literal("(") {
		return p.embedded()
	}
	if name, ok := p.fieldName(); ok {
		return p.condition(p.field(name, start), start)
	}
	if name, ok := p.call(transformers...); ok {
		return p.condition(p.transformer(name, start), start)
	}
	if name, ok := p.identifier(); ok {
		return &Macro{Name: name, At: p.since(start)}
	}
	p.fail(errCheck(p.next()))
	return nil
}
