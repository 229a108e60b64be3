package filter

import "strings"

// condition reads what follows the left side of a check.
func (p *parser) condition(left Operand, start int) Node {
	p.enter()
	p.blank()
	opStart := p.pos
	op, ok := p.operator()
	if !ok {
		word := p.next()
		p.fail(errOperator(word, p.text[word.Start:word.End]))
	}
	opAt := Span{opStart, p.pos}
	var node Node
	if op.class == opUnary {
		node = &Exists{Left: left, Op: op.text, At: p.since(start)}
	} else {
		modifier, right := p.right(op.class)
		node = &Compare{Left: left, Op: op.text, Modifier: modifier, Right: right, OpAt: opAt, At: p.since(start)}
	}
	p.leave()
	return node
}

// right reads the right-hand side of an operator, with its modifier.
func (p *parser) right(of opClass) (modifier string, right Operand) {
	p.enter()
	defer p.leave()
	if blank := p.blank(); blank && of == opString {
		if modifier, ok := p.modifier(); ok {
			return modifier, p.modified(modifier)
		}
	}
	if right = p.dynamic(); right != nil {
		return "", right
	}
	start := p.pos
	switch of {
	case opNumber:
		if text, ok := p.number(); ok {
			return "", &Value{Text: text, At: p.since(start)}
		}
		p.fail(errValue(p.next(), "a number value"))
	case opString:
		if text, ok := p.constant(isBare); ok {
			return "", &Value{Text: text, At: p.since(start)}
		}
		p.fail(p.explainConstant(errValue(p.next(), "a string value")))
	case opList:
		if right = p.listOrName(); right != nil {
			return "", right
		}
		p.fail(errValue(p.next(), "a list, an identifier,"))
	case opUnary:
	}
	return "", nil
}

// modified reads the list that a modifier needs.
func (p *parser) modified(modifier string) Operand {
	p.blank()
	right := p.listOrName()
	if right == nil {
		p.fail(errModifierList(p.next(), modifier))
	}
	return right
}

// constant reads a quoted string, or a bare one of the bytes in c.
func (p *parser) constant(c *class) (string, bool) {
	text, ok, err := p.quoted()
	if err != nil {
		p.fail(err)
	}
	if ok {
		return text, true
	}
	return p.token(c)
}

// explainConstant adds the reason where the text is a quoted string that does not end.
func (p *parser) explainConstant(err *Error) *Error {
	if p.pos < len(p.text) && (p.text[p.pos] == '"' || p.text[p.pos] == '\'') {
		err.Remedy = "the string that begins here has no closing quote; a quote after a backslash does not close it"
	}
	return err
}

// listOrName reads a list or the name of one; nil if there is neither.
func (p *parser) listOrName() Operand {
	start := p.pos
	if p.literal("(") {
		return p.list(start)
	}
	if name, ok := p.identifier(); ok {
		return &Value{Text: name, At: p.since(start)}
	}
	return nil
}

// list reads the rest of a list of constants.
func (p *parser) list(start int) *List {
	list := &List{}
	p.blank()
	if p.literal(")") {
		list.At = p.since(start)
		return list
	}
	list.Values = make([]Value, 0, p.countItems())
	for {
		p.blank()
		itemStart := p.pos
		text, ok := p.constant(isBare)
		if !ok {
			p.fail(p.explainConstant(errListItem(p.next())))
		}
		list.Values = append(list.Values, Value{Text: text, At: p.since(itemStart)})
		p.blank()
		if !p.literal(",") {
			break
		}
	}
	if !p.literal(")") {
		p.fail(errToken(p.next(), ")"))
	}
	list.At = p.since(start)
	return list
}

// countItems guesses the length of the list ahead from its commas, so that long
// lists are not copied while they grow.
func (p *parser) countItems() int {
	rest := p.text[p.pos:]
	if end := strings.IndexByte(rest, ')'); end >= 0 {
		rest = rest[:end]
	}
	return 1 + strings.Count(rest, ",")
}
