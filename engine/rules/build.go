package rules

import (
	"errors"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/output"
)

// builder compiles a collection.
type builder struct {
	c      *collection
	cfg    Config
	diags  *problems
	lists  *lister
	macros map[string]*macroTree
	placed []*macroTree // by base
	own    *text        // the text of the rule at hand
	of     diag.Item    // that rule
	// scratch is memory for the steps in which a rule's text is made.
	scratch [3]text
	weight  int // of all rules so far
	set     *Set

	// failedTexts is what could not be parsed, or was left out: macros and lists
	// that it names are not reported as unused.
	failedTexts []string
}

func newBuilder(c *collection, cfg Config, diags *problems) *builder {
	return &builder{
		c: c, cfg: cfg, diags: diags,
		lists:  newLister(&c.lists, diags),
		macros: map[string]*macroTree{},
		own:    &text{},
		set:    &Set{Required: c.engine, rulesets: map[string]*Ruleset{}},
	}
}

func (b *builder) build() *Set {
	b.parseMacros()
	for _, r := range b.c.rules.all {
		b.rule(r)
	}
	b.warnUnused()
	b.lintShadowed()
	b.describe()
	for _, rs := range b.set.rulesets {
		rs.index()
	}
	return b.set
}

// report adds a diagnostic unless the same one is there.
func (b *builder) report(d diag.Diagnostic) { b.diags.once(d) }

// ruleset finds or begins the ruleset of a source.
func (b *builder) ruleset(source string) *Ruleset {
	if rs := b.set.rulesets[source]; rs != nil {
		return rs
	}
	src := b.c.sources[source]
	rs := &Ruleset{Source: src, Plan: compile.NewPlan(src)}
	for _, name := range b.cfg.Capture[source] {
		if ref, err := rs.Plan.Value(name); err == nil {
			rs.Capture = append(rs.Capture, output.Field{Name: name, Ref: ref})
		}
	}
	b.set.rulesets[source] = rs
	return rs
}

// rule compiles a rule and adds it to its ruleset.
func (b *builder) rule(r *ruleInfo) {
	if r.unknownSource {
		b.leaveOut(r)
		return
	}
	rs := b.ruleset(r.source)
	rule := newRule(r)
	okOutput := b.output(rule, r, rs.Plan)
	okCondition := b.condition(rule, r, rs.Plan)
	if !okOutput || !okCondition {
		return
	}
	rule.Enabled = b.cfg.Selection.Enabled(r.name.text, r.tags, r.enabled) &&
		(b.cfg.MinPriority == 0 || r.priority <= b.cfg.MinPriority)
	rule.addFields(rs.Capture...)
	rule.Index = len(b.set.Rules)
	b.set.Rules = append(b.set.Rules, rule)
	if rule.Enabled {
		rs.Rules = append(rs.Rules, rule)
	}
}

func newRule(r *ruleInfo) *Rule {
	at := r.name.all()
	rule := &Rule{
		Name: r.name.text, Desc: r.desc.text(), Source: r.source, Priority: r.priority, Tags: r.tags,
		Capture: r.capture, CaptureDuration: r.captureDuration,
		File: at.FileName(), Line: at.Position().Line,
		ConditionText: r.cond.text(),
	}
	for i := range r.exceptions {
		rule.Exceptions = append(rule.Exceptions, r.exceptions[i].name.text)
	}
	return rule
}

// leaveOut counts a rule that is not loaded, and what it would use.
func (b *builder) leaveOut(r *ruleInfo) {
	b.set.Skipped++
	b.failedTexts = append(b.failedTexts, r.cond.text())
}

// condition compiles a rule's condition. False leaves the rule out.
func (b *builder) condition(rule *Rule, r *ruleInfo, plan *compile.Plan) bool {
	t := b.scratch[0].reset()
	t.join(r.cond)
	whole, ok := b.except(t, b.scratch[1].reset(), r)
	if ok { // or else what is wrong with the condition itself is still said
		t = whole
	}
	t = b.lists.substitute(t, b.scratch[2].reset())
	b.own = t
	if t.cutShort {
		b.report(errListsTooLarge(r.name.all(), r.item()))
		return false
	}
	expr, err := filter.ParseRule(t.String())
	if err != nil {
		b.failedTexts = append(b.failedTexts, t.String())
		b.reportParse(err, 0, r.item())
		return false
	}
	rule.Macros, rule.Lists = macroNames(expr), t.lists
	e := expansion{b: b, of: r.item(), visibility: allVisible}
	rule.Expr = e.expand(expr)
	if e.size > maxExpansion {
		b.report(errMacroTooLarge(r.name.all(), r.item()))
		return false
	}
	if e.failed || !ok || !b.weigh(r, e.size*comparisonWeight+e.bytes+len(t.b)) {
		return false
	}
	w := where{b, expr, r.item()}
	compiled, problems := plan.Condition(rule.Expr)
	if !w.problems(problems, r.skipUnknown) {
		b.set.Skipped++
		return false
	}
	if compiled == nil {
		return false
	}
	rule.Condition = compiled
	b.warnTypes(rule, r)
	b.lint(rule, r, w)
	return true
}

// weigh counts what a rule takes. It returns false where all rules together
// take too much: then nothing more is compiled.
func (b *builder) weigh(r *ruleInfo, weight int) bool {
	before := b.weight
	b.weight += weight
	if b.weight > maxWeight && before <= maxWeight {
		b.report(errRulesTooLarge(r.name.all(), r.item()))
	}
	return b.weight <= maxWeight
}

// where turns spans into places with the way from them to an item.
type where struct {
	b    *builder
	root filter.Node // the item's tree, with macros by name
	of   diag.Item
}

// place completes a diagnostic for a span.
func (w where) place(at filter.Span, d diag.Diagnostic) diag.Diagnostic {
	var via *usage
	d.Range, via = w.b.locate(at)
	d.Context = w.b.way(at, via, w.root, w.of)
	return d
}

// problems reports what the compiler found. It returns false where the rule is
// to be left out because of something unknown.
func (w where) problems(problems []compile.Problem, skipUnknown bool) bool {
	keep := true
	for i := range problems {
		p := &problems[i]
		switch {
		case p.Unknown && skipUnknown:
			keep = false
			w.b.report(w.place(p.At, warnUnknownFilter(diag.Range{}, w.of, p.Message)))
		case p.Warning:
			w.b.report(w.place(p.At, warn(p.Code, diag.Range{}, w.of, p.Message, sentence(p.Remedy))))
		default:
			d := errCondition(diag.Range{}, w.of, p.Message, sentence(p.Remedy))
			d.Suggest = p.Suggest
			w.b.report(w.place(p.At, d))
		}
	}
	return keep
}

// reportParse reports a text that is no condition. base is where the text
// begins in the space of spans.
func (b *builder) reportParse(err error, base int, of diag.Item) {
	d := errCondition(diag.Range{}, of, err.Error(), "")
	var syntax *filter.Error
	if errors.As(err, &syntax) {
		d.Detail, d.Suggest = sentence(syntax.Remedy), syntax.Suggest
		at := filter.Span{Start: syntax.At.Start + base, End: syntax.At.End + base}
		var via *usage
		d.Range, via = b.locate(at)
		if via != nil {
			d.Context = []diag.Frame{{Item: via.list}, {Item: of, At: via.place}}
		}
	}
	b.report(d)
}

// describe fills in the lists and macros.
func (b *builder) describe() {
	for _, l := range b.c.lists.all {
		list := &List{Name: l.name.text, Written: scalarTexts(l.items), Items: scalarTexts(b.lists.items(l)), Used: l.used}
		for _, item := range list.Written {
			if b.c.lists.find(item) != nil {
				list.Lists = append(list.Lists, item)
			}
		}
		b.set.Lists = append(b.set.Lists, list)
	}
	for _, m := range b.c.macros.all {
		tree := b.macros[m.name.text]
		macro := &Macro{Name: m.name.text, ConditionText: m.cond.text(), Lists: tree.text.lists, Used: m.used}
		if !m.broken {
			macro.Expr, macro.Macros = tree.expanded, macroNames(tree.parsed)
		}
		b.set.Macros = append(b.set.Macros, macro)
	}
}

func macroNames(n filter.Node) []string {
	var names []string
	for _, m := range filter.Macros(n) {
		names = append(names, m.Name)
	}
	return names
}
