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
	rule := ruleInfo{name: name, source: DefaultSource}
	for _, part := range ruleParts {
		part.read(f, &rule, false)
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
	keys := map[string]bool{}
	for _, key := range []string{"condition", "exceptions"} {
		keys[key] = f.n.get(key).defined()
	}
	update := f.parts(keys, true)
	if f.failed {
		return
	}
	prev := f.previous(name, noPreviousAppend)
	if prev == nil {
		return
	}
	if !keys["condition"] && !keys["exceptions"] {
		f.fail(errAppendNothing(f.at, f.of))
		return
	}
	f.merge(prev, update, keys, true)
}

// parts reads those of the given keys that the item has.
func (f *fields) parts(keys map[string]bool, appends bool) *ruleInfo {
	read := &ruleInfo{}
	for _, part := range ruleParts {
		if keys[part.key] && f.n.get(part.key).defined() {
			part.read(f, read, appends)
		}
	}
	return read
}

// merge changes a rule by the given keys of what was read.
func (f *fields) merge(to, from *ruleInfo, keys map[string]bool, appends bool) {
	f.into.touch(&to.order)
	for _, part := range ruleParts {
		switch {
		case !keys[part.key]:
		case appends:
			part.append(f, to, from)
		default:
			part.replace(f, to, from)
		}
	}
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
	appended, replaced := f.parts(o.append, true), f.parts(o.replace, false)
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
		f.merge(prev, appended, o.append, true)
	}
	if len(o.replace) > 0 {
		f.merge(prev, replaced, o.replace, false)
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

func scalarTexts(scalars []scalar) []string {
	out := make([]string, len(scalars))
	for i, s := range scalars {
		out[i] = s.text
	}
	return out
}
