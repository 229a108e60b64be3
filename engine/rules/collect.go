package rules

import (
	"iter"
	"maps"
	"slices"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/field"
)

// DefaultSource is the source of rules that name none.
const DefaultSource = "syscall"

// named is a table of items by name that keeps the order of first definition.
type table[T any] struct {
	all    []*T
	byName map[string]*T
}

func (t *table[T]) find(name string) *T { return t.byName[name] }

func (t *table[T]) add(name string, item *T) {
	if t.byName == nil {
		t.byName = map[string]*T{}
	}
	t.all = append(t.all, item)
	t.byName[name] = item
}

// pluginInfo is a plugin that a file requires, with its alternatives.
type pluginInfo struct {
	wants []requirement
	at    diag.Range
	of    diag.Item
}

// collection is the items of all files, merged.
type collection struct {
	sources map[string]field.Source
	lists   table[listInfo]
	macros  table[macroInfo]
	rules   table[ruleInfo]
	engine  Version // the highest that a file requires
	plugins []pluginInfo
	next    int                // index of the next item
	bad     map[diag.Item]bool // items that were reported and left out
}

func newCollection(sources []field.Source) *collection {
	c := &collection{sources: map[string]field.Source{}, bad: map[diag.Item]bool{}}
	for _, s := range sources {
		c.sources[s.Name()] = s
	}
	return c
}

func (c *collection) sourceNames() iter.Seq[string] { return maps.Keys(c.sources) }

// spoil remembers that an item could not be read, so that what refers to it is
// not reported too.
func (c *collection) spoil(item diag.Item) { c.bad[item] = true }

func (c *collection) spoiled(item diag.Item) bool { return c.bad[item] }

// define gives an item its place: that of the definition which it replaces, or
// the next one.
func (c *collection) define(o *order, prev *order) {
	o.index, o.visibility = c.next, c.next
	if prev != nil {
		o.index = prev.index
	}
	c.next++
}

func (c *collection) touch(o *order) {
	o.visibility = c.next
	c.next++
}

func (c *collection) defineList(name scalar, items []scalar) {
	l := listInfo{name: name, items: items}
	if prev := c.lists.find(name.text); prev != nil {
		c.define(&l.order, &prev.order)
		*prev = l
		return
	}
	c.define(&l.order, nil)
	c.lists.add(name.text, &l)
}

func (c *collection) appendList(name scalar, items []scalar) bool {
	prev := c.lists.find(name.text)
	if prev == nil {
		return c.spoiled(diag.Item{Kind: "list", Name: name.text})
	}
	prev.items = append(prev.items, items...)
	c.touch(&prev.order)
	return true
}

func (c *collection) defineMacro(name, cond scalar) {
	m := macroInfo{name: name, cond: joined{cond}}
	if prev := c.macros.find(name.text); prev != nil {
		c.define(&m.order, &prev.order)
		*prev = m
		return
	}
	c.define(&m.order, nil)
	c.macros.add(name.text, &m)
}

func (c *collection) appendMacro(name, cond scalar) bool {
	prev := c.macros.find(name.text)
	if prev == nil {
		return c.spoiled(diag.Item{Kind: "macro", Name: name.text})
	}
	prev.cond = append(prev.cond, cond)
	c.touch(&prev.order)
	return true
}

func (c *collection) defineRule(r ruleInfo) {
	r.output[0] = r.output[0].trimmed()
	if prev := c.rules.find(r.name.text); prev != nil {
		c.define(&r.order, &prev.order)
		*prev = r
		return
	}
	c.define(&r.order, nil)
	c.rules.add(r.name.text, &r)
}

// replaceExceptions puts complete exceptions in place of those that a rule has.
func (f *fields) replaceExceptions(to, from *ruleInfo) {
	src, known := f.into.sources[to.source]
	for i := range from.exceptions {
		f.checkException(&from.exceptions[i], src, known)
	}
	to.exceptions = from.exceptions
}

// appendExceptions adds values to exceptions that a rule has, or exceptions.
func (f *fields) appendExceptions(to, from *ruleInfo) {
	src, known := f.into.sources[to.source]
	for i := range from.exceptions {
		ex := &from.exceptions[i]
		at := slices.IndexFunc(to.exceptions, func(e exceptionInfo) bool { return e.name.text == ex.name.text })
		if at < 0 {
			f.addException(to, ex, src, known)
			continue
		}
		f.extendException(&to.exceptions[at], ex)
	}
}

// addException adds an exception that the rule does not have yet.
func (f *fields) addException(prev *ruleInfo, ex *exceptionInfo, src field.Source, known bool) {
	switch {
	case !ex.fields.set:
		f.fail(errExceptionNoFields(ex.name.all(), ex.item()))
	case len(ex.values) == 0:
		f.fail(errExceptionNoValues(ex.name.all(), ex.item()))
	default:
		f.checkException(ex, src, known)
		prev.exceptions = append(prev.exceptions, *ex)
	}
}

// extendException adds values to an exception.
func (f *fields) extendException(prev, ex *exceptionInfo) {
	switch {
	case ex.fields.set:
		f.fail(errExceptionFieldsAppended(ex.fields.at.rng(), ex.item(), "fields"))
	case ex.comps.set:
		f.fail(errExceptionFieldsAppended(ex.comps.at.rng(), ex.item(), "comps"))
	default:
		prev.values = append(prev.values, ex.values...)
	}
}

func addTags(tags, more []string) []string {
	for _, tag := range more {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}
