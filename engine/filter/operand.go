package filter

// fieldOrTransformer reads what an output or an exception names.
func (p *parser) fieldOrTransformer() Operand {
	start := p.pos
	if name, ok := p.fieldName(); ok {
		return p.field(name, start)
	}
	if name, ok := p.call(transformers...); ok {
		return p.transformer(name, start)
	}
	p.fail(errOperand(p.next()))
	return nil
}

// field reads what follows a field's name.
func (p *parser) field(name string, start int) *Field {
	p.enter()
	arg, hasArg := p.argument()
	p.leave()
	return &Field{Name: name, Arg: arg, HasArg: hasArg, At: p.since(start)}
}

// argument reads a bracketed argument, which must touch what it belongs to.
func (p *parser) argument() (string, bool) {
	if !p.literal("[") {
		return "", false
	}
	arg, ok := p.constant(isBareArg)
	if !ok {
		p.fail(errFieldArg(p.next()))
	}
	if !p.literal("]") {
		p.fail(errToken(p.next(), "]"))
	}
	return arg, true
}

// dynamic reads a right-hand side that is not a constant; nil if there is none.
func (p *parser) dynamic() Operand {
	p.enter()
	defer p.leave()
	start := p.pos
	if _, ok := p.call(val); ok {
		return p.valOf(start)
	}
	if name, ok := p.call(transformers...); ok {
		return p.transformer(name, start)
	}
	return nil
}

// valOf reads the rest of val(field).
func (p *parser) valOf(start int) Operand {
	p.blank()
	fieldStart := p.pos
	name, ok := p.fieldName()
	if !ok {
		p.fail(errValField(p.next()))
	}
	arg := p.field(name, fieldStart)
	return p.closeTransformer(&Transformer{Name: val, Args: []Operand{arg}}, start)
}

// transformer reads what follows a transformer's name and parenthesis.
func (p *parser) transformer(name string, start int) *Transformer {
	p.enter()
	t := &Transformer{Name: name}
	for more := true; more; more = p.literal(",") {
		t.Args = append(t.Args, p.item(true))
		p.blank()
	}
	p.closeTransformer(t, start)
	p.leave()
	return t
}

func (p *parser) closeTransformer(t *Transformer, start int) *Transformer {
	p.blank()
	if !p.literal(")") {
		p.fail(errToken(p.next(), ")"))
	}
	t.Arg, t.HasArg = p.argument()
	t.At = p.since(start)
	return t
}

// item reads an argument of a transformer (top), or an item of a list that is one.
func (p *parser) item(top bool) Operand {
	p.enter()
	defer p.leave()
	p.blank()
	start := p.pos
	if name, ok := p.call(transformers...); ok {
		return p.transformer(name, start)
	}
	if name, ok := p.fieldName(); ok {
		return p.field(name, start)
	}
	if top && p.literal("(") {
		return p.transformerList(start)
	}
	if text, ok := p.itemConstant(); ok {
		return &Value{Text: text, At: p.since(start)}
	}
	p.fail(p.explainConstant(errTransformerArg(p.next())))
	return nil
}

// itemConstant reads a constant among a transformer's arguments. A bare one
// may not look like a macro's name, which is never what is meant there.
func (p *parser) itemConstant() (string, bool) {
	end := p.run(p.pos, isBareItem)
	if end > p.pos && p.identifierEnd(p.pos) == end {
		return "", false
	}
	return p.constant(isBareItem)
}

// transformerList reads the rest of a parenthesised list of operands.
func (p *parser) transformerList(start int) *TransformerList {
	list := &TransformerList{}
	p.blank()
	if p.literal(")") {
		list.At = p.since(start)
		return list
	}
	for more := true; more; more = p.literal(",") {
		list.Items = append(list.Items, p.item(false))
		p.blank()
	}
	if !p.literal(")") {
		p.fail(errToken(p.next(), ")"))
	}
	list.At = p.since(start)
	return list
}
