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

// merge changes a rule by an update.
func (f *fields) merge(prev *ruleInfo, u *ruleUpdate, appends bool) {
	f.into.touch(&prev.order)
	src, known := f.into.sources[prev.source]
	if u.keys["exceptions"] {
		f.mergeExceptions(prev, u.value.exceptions, appends, src, known)
	}
	if appends {
		prev.cond = append(prev.cond, u.value.cond...)
		prev.output = append(prev.output, u.value.output...)
		prev.desc = append(prev.desc, u.value.desc...)
		prev.tags = addTags(prev.tags, u.value.tags)
		return
	}
	for key := range u.keys {
		replaceKey(prev, &u.value, key)
	}
}

func replaceKey(prev, v *ruleInfo, key string) {
	switch key {
	case "condition":
		prev.cond = v.cond
	case "output":
		prev.output = v.output
	case "desc":
		prev.desc = v.desc
	case "tags":
		prev.tags = v.tags
	case "priority":
		prev.priority = v.priority
	case "enabled":
		prev.enabled = v.enabled
	case "warn_evttypes":
		prev.warnTypes = v.warnTypes
	case "skip-if-unknown-filter":
		prev.skipUnknown = v.skipUnknown
	case "capture":
		prev.capture = v.capture
	case "capture_duration":
		prev.captureDuration = v.captureDuration
	}
}

func (f *fields) mergeExceptions(prev *ruleInfo, exs []exceptionInfo, appends bool, src field.Source, known bool) {
	if !appends {
		for i := range exs {
			f.checkException(&exs[i], src, known)
		}
		prev.exceptions = exs
		return
	}
	for i := range exs {
		ex := &exs[i]
		at := slices.IndexFunc(prev.exceptions, func(e exceptionInfo) bool { return e.name.text == ex.name.text })
		if at < 0 {
			f.addException(prev, ex, src, known)
			continue
		}
		f.extendException(&prev.exceptions[at], ex)
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
