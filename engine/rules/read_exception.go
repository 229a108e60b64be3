package rules

import "github.com/lannersec/lanner/engine/diag"

// exceptions reads a rule's exceptions. In an append they need no fields.
func (f *fields) exceptions(appends bool) []exceptionInfo {
	v := f.n.get("exceptions")
	if !v.defined() || v.isNull() {
		return nil
	}
	if !v.isSeq() {
		f.fail(errNotASequence(v.rng(), f.of, "Rule exceptions"))
		return nil
	}
	var out []exceptionInfo
	for _, n := range v.items() {
		if ex, ok := f.exception(n, appends, out); ok {
			out = append(out, ex)
		}
	}
	return out
}

func (f *fields) exception(n node, appends bool, others []exceptionInfo) (exceptionInfo, bool) {
	if !n.isMap() {
		f.fail(errNotAMapping(n.rng(), diag.Item{Kind: "exception"}, "Rule exception"))
		return exceptionInfo{}, false
	}
	inner := &fields{reader: f.reader, n: n, of: diag.Item{Kind: "exception"}, rule: f.of, at: n.rng()}
	ex := exceptionInfo{name: inner.text("name")}
	if !inner.failed {
		inner.of.Name, inner.at = ex.name.text, ex.name.all()
	}
	inner.checkKeys(itemException)
	for _, other := range others {
		if other.name.text == ex.name.text && !inner.failed {
			inner.tell(warnExceptionTwice(inner.at, inner.of))
		}
	}
	ex.fields = inner.entryAt("fields", appends)
	ex.comps = inner.entryAt("comps", true)
	ex.values = inner.values(appends)
	f.failed = f.failed || inner.failed
	return ex, !inner.failed
}

func (f *fields) values(appends bool) []entry {
	v := f.n.get("values")
	switch {
	case !v.defined():
		if appends {
			f.tell(warnNoValues(f.at, f.of))
		}
		return nil
	case !v.isSeq():
		f.fail(errNotASequence(v.rng(), f.of, "Rule exception values"))
		return nil
	}
	items := v.items()
	out := make([]entry, 0, len(items))
	for _, item := range items {
		out = append(out, f.entry(item, "values", 0))
	}
	return out
}

func (f *fields) entryAt(key string, optional bool) entry {
	v := f.n.get(key)
	if !v.defined() {
		if !optional {
			f.fail(errNoKey(f.at, f.of, key))
		}
		return entry{}
	}
	return f.entry(v, key, 0)
}

// maxEntryDepth: a list of values for each field, in the list of one entry.
const maxEntryDepth = 2

func (f *fields) entry(v node, key string, depth int) entry {
	e := entry{set: true, at: v}
	switch {
	case depth > maxEntryDepth:
		f.fail(errExceptionDeep(v.rng(), f.of))
	case v.isSeq():
		e.list = true
		for _, item := range v.items() {
			e.many = append(e.many, f.entry(item, key, depth+1))
		}
	case v.isScalar() && v.y.Value == "":
		f.fail(errEmptyText(v.rng(), f.of, key))
	case v.isScalar():
		e.item = v.scalar()
	default:
		f.fail(errExceptionShape(v.rng(), f.of, key))
	}
	return e
}
