package rules

import "github.com/lannersec/lanner/engine/diag"

// rule reads a rule: a definition, an append, an override, or a lone enabled.
func (r *reader) rule(n node) {
	f, name := r.named(n, "rule", itemRule)
	flag := f.appendFlag()
	o := f.overrides(itemRule)
	if flag && o.any() {
		f.fail(errAppendAndOverride(n.keyRange("append"), f.of))
	}
	if f.failed {
		r.into.spoil(f.of)
		return
	}
	switch {
	case o.any():
		f.overrideRule(name, o)
	case flag:
		f.appendRule(name)
	case f.changesOnlyEnabled():
		f.enableRule(name)
	default:
		f.defineRule(name)
	}
	if f.failed {
		r.into.spoil(f.of)
	}
}

// changesOnlyEnabled: a rule without any of the keys of a definition switches
// an earlier one on or off.
func (f *fields) changesOnlyEnabled() bool {
	for _, key := range []string{"condition", "output", "desc", "priority"} {
		if f.n.get(key).defined() {
			return false
		}
	}
	return true
}

func (f *fields) enableRule(name scalar) {
	if !f.n.get("enabled").defined() {
		f.fail(errNoKey(f.at, f.of, "enabled"))
		return
	}
	enabled := f.boolean("enabled", true)
	if f.failed {
		return
	}
	f.tell(warnEnabled(f.n.keyRange("enabled"), f.of))
	prev := f.into.rules.find(name.text)
	if prev == nil {
		f.fail(errNoPrevious(f.at, f.of, noPreviousEnable))
		return
	}
	prev.enabled = enabled
}

func (f *fields) defineRule(name scalar) {
	rule := ruleInfo{
		name:            name,
		cond:            joined{f.text("condition")},
		output:          joined{f.text("output")},
		desc:            joined{f.text("desc")},
		source:          DefaultSource,
		priority:        f.priority(),
		enabled:         f.boolean("enabled", true),
		warnTypes:       f.boolean("warn_evttypes", true),
		skipUnknown:     f.boolean("skip-if-unknown-filter", false),
		capture:         f.boolean("capture", false),
		captureDuration: f.number("capture_duration", 0),
		tags:            tagsOf(f.texts("tags", true)),
		exceptions:      f.exceptions(false),
	}
	if s, ok := f.optionalText("source"); ok {
		rule.source = s.text
	}
	if f.failed {
		return
	}
	if prev := f.into.rules.find(name.text); prev != nil && prev.source != rule.source {
		f.fail(errOtherSource(f.sourceRange(), f.of))
		return
	}
	src, known := f.into.sources[rule.source]
	if !known {
		rule.unknownSource = true
		f.diags.once(warnUnknownSource(f.sourceRange(), f.of, rule.source, f.into.sourceNames()))
	}
	for i := range rule.exceptions {
		f.checkException(&rule.exceptions[i], src, known)
	}
	if !f.failed {
		f.into.defineRule(rule)
	}
}

func (f *fields) sourceRange() diag.Range {
	if v := f.n.get("source"); v.defined() {
		return v.rng()
	}
	return f.at
}

func (f *fields) priority() Priority {
	s := f.text("priority")
	if s.text == "" {
		return 0
	}
	p, ok := ParsePriority(s.text)
	if !ok {
		f.fail(errPriority(s.all(), f.of))
	}
	return p
}

// appendRule reads the legacy form of an append: condition and exceptions.
func (f *fields) appendRule(name scalar) {
	u := ruleUpdate{name: name, keys: map[string]bool{}}
	for _, key := range []string{"condition", "exceptions"} {
		if f.n.get(key).defined() {
			u.keys[key] = true
		}
	}
	f.update(&u, true)
	if f.failed {
		return
	}
	prev := f.previous(name, noPreviousAppend)
	if prev == nil {
		return
	}
	if len(u.keys) == 0 {
		f.fail(errAppendNothing(f.at, f.of))
		return
	}
	f.merge(prev, &u, true)
}

// previous finds the rule that an update is for.
func (f *fields) previous(name scalar, missing string) *ruleInfo {
	prev := f.into.rules.find(name.text)
	if prev == nil {
		if !f.into.spoiled(f.of) {
			f.fail(errNoPrevious(f.at, f.of, missing))
		}
		return nil
	}
	if v := f.n.get("source"); v.defined() && v.isScalar() && v.y.Value != prev.source {
		f.fail(errOtherSource(v.rng(), f.of))
		return nil
	}
	return prev
}

// overrideRule applies the override key: first what is appended, then what is
// replaced.
func (f *fields) overrideRule(name scalar, o override) {
	f.checkOverridden(o)
	appended := ruleUpdate{name: name, keys: o.append}
	replaced := ruleUpdate{name: name, keys: o.replace}
	f.update(&appended, true)
	f.update(&replaced, false)
	if f.failed {
		return
	}
	missing := noPreviousReplace
	if len(o.append) > 0 {
		missing = noPreviousAppend
	}
	prev := f.previous(name, missing)
	if prev == nil {
		return
	}
	if len(o.append) > 0 {
		f.merge(prev, &appended, true)
	}
	if len(o.replace) > 0 {
		f.merge(prev, &replaced, false)
	}
}

// checkOverridden reports keys that stand only in one of the item and its override.
func (f *fields) checkOverridden(o override) {
	for _, k := range keys {
		if (k.append|k.replace)&itemRule == 0 {
			continue
		}
		defined := f.n.get(k.name).defined()
		switch {
		case o.append[k.name] && !defined:
			f.fail(errOverrideUndefined(f.at, f.of, "append", k.name))
		case o.replace[k.name] && !defined:
			f.fail(errOverrideUndefined(f.at, f.of, "replace", k.name))
		case defined && !o.append[k.name] && !o.replace[k.name]:
			f.fail(errUnexpectedKey(f.n.keyRange(k.name), f.of, k.name))
		}
	}
}

// ruleUpdate is the keys of a rule that change an earlier one, read.
type ruleUpdate struct {
	name  scalar
	keys  map[string]bool // which of the fields below count
	value ruleInfo
}

// update reads the keys that u names.
func (f *fields) update(u *ruleUpdate, appends bool) {
	v := &u.value
	read := map[string]func(){
		"condition":              func() { v.cond = joined{f.text("condition")} },
		"output":                 func() { v.output = joined{f.text("output")} },
		"desc":                   func() { v.desc = joined{f.text("desc")} },
		"tags":                   func() { v.tags = tagsOf(f.texts("tags", true)) },
		"exceptions":             func() { v.exceptions = f.exceptions(appends) },
		"priority":               func() { v.priority = f.priority() },
		"enabled":                func() { v.enabled = f.boolean("enabled", true) },
		"warn_evttypes":          func() { v.warnTypes = f.boolean("warn_evttypes", true) },
		"skip-if-unknown-filter": func() { v.skipUnknown = f.boolean("skip-if-unknown-filter", false) },
		"capture":                func() { v.capture = f.boolean("capture", false) },
		"capture_duration":       func() { v.captureDuration = f.number("capture_duration", 0) },
	}
	for _, k := range keys {
		if u.keys[k.name] && f.n.get(k.name).defined() {
			read[k.name]()
		}
	}
}

// tagsOf is the texts of tags, each once.
func tagsOf(scalars []scalar) []string {
	return addTags(nil, scalarTexts(scalars))
}

func scalarTexts(scalars []scalar) []string {
	out := make([]string, len(scalars))
	for i, s := range scalars {
		out[i] = s.text
	}
	return out
}
