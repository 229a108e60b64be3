package rules

import (
	"regexp"
	"strings"

	"github.com/lannersec/lanner/engine/diag"
)

// The names that the grammar of conditions can read as one word.
var (
	macroName = regexp.MustCompile(`^[a-zA-Z]+[a-zA-Z0-9_]*$`)
	listName  = regexp.MustCompile(`^[^()"'[:space:]=,]+$`)
)

func (r *reader) list(n node) {
	f, name := r.named(n, "list", itemList)
	items := f.texts("items", false)
	appends := f.appends(itemList, "items")
	if f.failed {
		r.into.spoil(f.of)
		return
	}
	if !listName.MatchString(name.text) {
		r.diags.add(warnListName(name.all(), f.of))
	}
	if !appends {
		r.into.defineList(name, items)
	} else if !r.into.appendList(name, items) {
		r.diags.add(errNoPrevious(name.all(), f.of, noPreviousList))
	}
}

func (r *reader) macro(n node) {
	f, name := r.named(n, "macro", itemMacro)
	cond := f.text("condition")
	appends := f.appends(itemMacro, "condition")
	if f.failed {
		r.into.spoil(f.of)
		return
	}
	if !macroName.MatchString(name.text) {
		r.diags.add(warnMacroName(name.all(), f.of))
	}
	if !appends {
		r.into.defineMacro(name, cond)
	} else if !r.into.appendMacro(name, cond) {
		r.into.spoil(f.of)
		r.diags.add(errNoPrevious(name.all(), f.of, noPreviousMacro))
	}
}

func (r *reader) engineVersion(n node) {
	f := &fields{reader: r, n: n, of: diag.Item{Kind: "required_engine_version"}, at: n.rng()}
	s := f.text("required_engine_version")
	if f.failed {
		return
	}
	version, ok := parseEngineVersion(s.text)
	switch {
	case !ok:
		f.fail(errEngineVersion(s.all(), f.of, s.text))
	case !EngineVersion.Satisfies(version):
		f.fail(errEngineTooOld(s.all(), f.of, s.text))
	case r.into.engine.Compare(version) < 0:
		r.into.engine = version
	}
}

func (r *reader) pluginVersions(n node) {
	v := n.get("required_plugin_versions")
	of := diag.Item{Kind: "required_plugin_versions"}
	if !v.isSeq() {
		r.diags.add(errNotASequence(v.rng(), of, "Value of required_plugin_versions"))
		return
	}
	for _, entry := range v.items() {
		r.pluginVersion(entry)
	}
}

// pluginVersion reads one required plugin with its alternatives.
func (r *reader) pluginVersion(n node) {
	f := &fields{reader: r, of: diag.Item{Kind: "required_plugin_versions entry"}, at: n.rng()}
	wants := f.requirement(nil, n, "Plugin version")
	if f.failed {
		return
	}
	if alternatives := n.get("alternatives"); alternatives.defined() {
		if !alternatives.isSeq() {
			f.fail(errNotASequence(alternatives.rng(), f.of, "Value of plugin version alternatives"))
			return
		}
		for _, entry := range alternatives.items() {
			wants = f.requirement(wants, entry, "Plugin version alternative")
		}
	}
	if !f.failed {
		r.into.plugins = append(r.into.plugins, pluginInfo{wants, f.at, f.of})
	}
}

// requirement reads a name with a version.
func (f *fields) requirement(others []requirement, n node, what string) []requirement {
	if !n.isMap() {
		f.fail(errNotAMapping(n.rng(), f.of, what))
		return others
	}
	f.n = n
	f.checkKeys(itemPlugin)
	name, text := f.text("name"), f.text("version")
	if name.text == "" || text.text == "" {
		return others
	}
	f.of.Name = name.text
	version, ok := ParseVersion(text.text)
	if !ok {
		f.fail(errPluginVersion(text.all(), f.of, text.text))
		return others
	}
	for _, other := range others {
		if other.name == name.text {
			f.fail(errPluginTwice(name.all(), f.of, name.text))
		}
	}
	return append(others, requirement{name.text, version})
}

// trimmed is the scalar without blanks at its ends.
func (s scalar) trimmed() scalar {
	s.text = strings.TrimSpace(s.text)
	return s
}
