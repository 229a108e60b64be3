package rules

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/diag"
)

// reader turns files into items of a collection.
type reader struct {
	into  *collection
	diags *problems
}

// file reads a whole file. Items that are wrong are reported and left out.
func (r *reader) file(f File) {
	src := newSource(f)
	docs, err := src.documents()
	if err != nil {
		r.diags.add(src.parseProblem(err))
		docs = src.salvage()
	}
	for _, doc := range docs {
		r.document(doc)
	}
	if src.exhausted() {
		r.diags.add(errTooManyNodes(diag.Range{File: src.file}))
	}
}

func (r *reader) document(doc node) {
	switch {
	case doc.isNull():
		return
	case doc.isMap():
		r.diags.add(errNotArray(doc.rng()))
		return
	case !doc.isSeq():
		r.diags.add(errNotYAML(doc.rng()))
		return
	}
	for _, n := range doc.items() {
		if !n.isNull() {
			r.entry(n)
		}
	}
}

// itemReaders is what the key that names an item makes of it, in the order in
// which the keys are looked for.
var itemReaders = []struct {
	key  string
	read func(*reader, node)
}{
	{"required_engine_version", (*reader).engineVersion},
	{"required_plugin_versions", (*reader).pluginVersions},
	{"list", (*reader).list},
	{"macro", (*reader).macro},
	{"rule", (*reader).rule},
}

func (r *reader) entry(n node) {
	if !n.isMap() {
		r.diags.add(errNotMapping(n.rng()))
		return
	}
	for _, kind := range itemReaders {
		if n.get(kind.key).defined() {
			kind.read(r, n)
			return
		}
	}
	r.diags.add(warnUnknownItem(n.rng()))
}

// fields reads the keys of one mapping and remembers whether one was wrong.
type fields struct {
	*reader
	n      node
	of     diag.Item
	rule   diag.Item  // the rule that an exception is of
	at     diag.Range // for what has no place of its own: a missing key
	failed bool
}

// named begins to read an item whose name is the value of a key.
func (r *reader) named(n node, key string, kind itemKind) (*fields, scalar) {
	f := &fields{reader: r, n: n, of: diag.Item{Kind: key}, at: n.rng()}
	name := f.text(key)
	f.of.Name = name.text
	if !f.failed {
		f.at = name.all()
	}
	f.checkKeys(kind)
	return f, name
}

func (f *fields) fail(d diag.Diagnostic) {
	f.failed = true
	f.tell(d)
}

// tell adds a diagnostic that is no reason to leave the item out.
func (f *fields) tell(d diag.Diagnostic) {
	rule := f.of
	if f.rule.Kind != "" {
		rule = f.rule
	}
	f.diags.add(ofRule(d, rule))
}

// checkKeys warns about keys that the kind of item does not have.
func (f *fields) checkKeys(kind itemKind) {
	seen := map[string]bool{}
	for _, p := range f.n.pairs() {
		key := p.key.y.Value
		if seen[key] {
			f.tell(warnKeyTwice(p.key.rng(), f.of, key))
		}
		seen[key] = true
		if _, known := keyOf(kind, key); !known {
			f.tell(warnUnknownKey(p.key.rng(), f.of, key, keysOf(kind)))
		}
	}
}

// text reads a key that must have a text.
func (f *fields) text(key string) scalar {
	v := f.n.get(key)
	if !v.defined() {
		f.fail(errNoKey(f.at, f.of, key))
		return scalar{}
	}
	return f.scalarOf(v, key)
}

// optionalText reads a key that may be missing.
func (f *fields) optionalText(key string) (scalar, bool) {
	v := f.n.get(key)
	if !v.defined() {
		return scalar{}, false
	}
	s := f.scalarOf(v, key)
	return s, s.text != ""
}

func (f *fields) scalarOf(v node, key string) scalar {
	switch {
	case v.isNull():
		f.fail(errEmptyKey(v.rng(), f.of, key))
	case !v.isScalar():
		f.fail(errNotScalar(v.rng(), f.of, key))
	case v.y.Value == "":
		f.fail(errEmptyText(v.rng(), f.of, key))
	default:
		return v.scalar()
	}
	return scalar{}
}

// boolWords are the words that YAML 1.1 has for a truth value; each may also
// stand in capitals or begin with one.
var boolWords = map[string]bool{
	"true": true, "yes": true, "on": true, "y": true,
	"false": false, "no": false, "off": false, "n": false,
}

// boolean reads a truth value, or keeps the one that is given for a missing key.
func (f *fields) boolean(key string, missing bool) bool {
	s, ok := f.optionalText(key)
	if !ok {
		return missing
	}
	value, ok := boolWords[strings.ToLower(s.text)]
	if !ok {
		f.fail(errBadScalar(s.all(), f.of, key, "true or false"))
	} else if s.quote() != 0 {
		f.tell(warnType(s.all(), f.of, key, "a truth value"))
	}
	return value
}

// number reads a number from 0, or keeps the one that is given for a missing key.
func (f *fields) number(key string, missing int) int {
	s, ok := f.optionalText(key)
	if !ok {
		return missing
	}
	n, err := strconv.ParseUint(s.text, 0, 32)
	if err != nil {
		f.fail(errBadScalar(s.all(), f.of, key, "a number"))
	} else if s.quote() != 0 {
		f.tell(warnType(s.all(), f.of, key, "a number"))
	}
	return int(n)
}

// texts reads a sequence of texts; missing is allowed where it is optional.
func (f *fields) texts(key string, optional bool) []scalar {
	v := f.n.get(key)
	switch {
	case !v.defined():
		if !optional {
			f.fail(errNoKey(f.at, f.of, key))
		}
		return nil
	case !v.isSeq():
		f.fail(errNotSequence(v.rng(), f.of, key))
		return nil
	}
	items := v.items()
	out := make([]scalar, 0, len(items))
	for _, item := range items {
		if !item.isScalar() {
			f.fail(errItemNotScalar(item.rng(), f.of, key))
			continue
		}
		out = append(out, item.scalar())
	}
	return out
}

// override is what an item's override key says about each of its keys.
type override struct{ append, replace map[string]bool }

func (o override) any() bool { return len(o.append)+len(o.replace) > 0 }

// overrides reads the override key.
func (f *fields) overrides(kind itemKind) override {
	o := override{map[string]bool{}, map[string]bool{}}
	v := f.n.get("override")
	if !v.defined() || v.isNull() {
		return o
	}
	if !v.isMap() {
		f.fail(errOverrideNotMapping(v.rng(), f.of))
		return o
	}
	for _, p := range v.pairs() {
		f.overrideKey(o, kind, p)
	}
	return o
}

func (f *fields) overrideKey(o override, kind itemKind, p pair) {
	key, operation := p.key.y.Value, p.value.y.Value
	info, _ := keyOf(kind, key)
	canAppend, canReplace := info.append&kind != 0, info.replace&kind != 0
	switch {
	case operation == "append" && canAppend:
		o.append[key] = true
	case operation == "append":
		f.fail(errNotAppendable(p.key.rng(), f.of, key))
	case operation == "replace" && canReplace:
		o.replace[key] = true
	case operation == "replace":
		f.fail(errNotReplaceable(p.key.rng(), f.of, key))
	default:
		var allowed []string
		if canAppend {
			allowed = append(allowed, "append")
		}
		if canReplace {
			allowed = append(allowed, "replace")
		}
		f.fail(errOverrideOperation(p.value.rng(), f.of, key, operation, allowed))
	}
}

// appends reads the append key in its two forms, for items with one key to
// append to.
func (f *fields) appends(kind itemKind, key string) bool {
	flag := f.appendFlag()
	o := f.overrides(kind)
	if flag && o.any() {
		f.fail(errAppendAndOverride(f.n.keyRange("append"), f.of))
	}
	return flag || o.append[key]
}

func (f *fields) appendFlag() bool {
	flag := f.boolean("append", false)
	if flag {
		f.tell(warnAppend(f.n.keyRange("append"), f.of))
	}
	return flag
}

// salvage finds what can be read of a file whose YAML is broken: each item is
// parsed alone, so that one bad item does not hide what is wrong with others.
// Items begin with "- " in the first column.
func (s *source) salvage() []node {
	if s.check() != nil {
		return nil
	}
	var docs []node
	data := s.file.Data
	for first := 0; first < len(s.lines); {
		last := first + 1
		for last < len(s.lines) && !strings.HasPrefix(string(data[s.lines[last]:min(len(data), s.lines[last]+2)]), "- ") {
			last++
		}
		end := len(data)
		if last < len(s.lines) {
			end = s.lines[last]
		}
		var doc yaml.Node
		if text := data[s.lines[first]:end]; strings.HasPrefix(string(text[:min(2, len(text))]), "- ") &&
			unmarshal(text, &doc) == nil && len(doc.Content) == 1 {
			shift(&doc, first)
			docs = append(docs, node{doc.Content[0], s})
		}
		first = last
	}
	return docs
}

// unmarshal keeps the library's panics in.
func unmarshal(text []byte, into *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errUnreadable
		}
	}()
	return yaml.Unmarshal(text, into)
}

// shift moves the places of a tree down by lines.
func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, child := range n.Content {
		shift(child, lines)
	}
}
