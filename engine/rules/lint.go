package rules

import (
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/operator"
)

// lint reports what is legal in a rule and probably not meant. The reference
// implementation does not, so it is done only where Config.Lint asks for it.
func (b *builder) lint(rule *Rule, r *ruleInfo, w where) {
	if !b.cfg.Lint {
		return
	}
	before := b.diags.n[diag.Warning]
	w.contradictions(rule.Condition.Tree)
	types := b.c.sources[r.source].Types()
	if types != nil && countTypes(rule.Condition.Types, types.Len()) == 0 && b.diags.n[diag.Warning] == before {
		b.report(warnNoTypes(r.cond[0].all(), r.item()))
	}
	b.weakExceptions(r)
}

// weakExceptions reports exceptions all of whose fields the watched process can
// choose the value of: it can choose to be excepted.
func (b *builder) weakExceptions(r *ruleInfo) {
	fields := b.c.sources[r.source].Fields()
	for i := range r.exceptions {
		ex := &r.exceptions[i]
		if len(ex.values) == 0 {
			continue
		}
		strong := func(e entry) bool { return !forgeable(fields, e.item.text) }
		if !slices.ContainsFunc(ex.fieldEntries(), strong) {
			b.report(ofRule(warnWeakException(ex.fieldEntries()[0].at.rng(), ex.item()), r.item()))
		}
	}
}

// forgeable tells whether all fields in an operand are.
func forgeable(fields *field.Registry, text string) bool {
	o, _, err := filter.ParseOperand(text)
	if err != nil {
		return false
	}
	all := true
	filter.Operands(&filter.Exists{Left: o}, func(o filter.Operand) {
		if f, ok := o.(*filter.Field); ok {
			def, _, _ := fields.Resolve(f.Name)
			all = all && def != nil && def.Flags&field.Forgeable != 0
		}
	})
	return all
}

// contradictions reports comparisons that cannot be true together.
func (w where) contradictions(t *compile.Tree) {
	if t.Kind != compile.And {
		for _, child := range t.Children {
			w.contradictions(child)
		}
		return
	}
	claims := map[string]*claim{}
	w.conjuncts(t, claims)
}

// claim is what the comparisons of a conjunction leave of a field's values.
type claim struct {
	values []string
	first  *compile.Comparison
	told   bool
}

// conjuncts notes the comparisons of a conjunction, those of conjunctions in it
// included.
func (w where) conjuncts(t *compile.Tree, claims map[string]*claim) {
	for _, child := range t.Children {
		switch child.Kind {
		case compile.And:
			w.conjuncts(child, claims)
		case compile.Leaf:
			w.note(child.Test, claims)
		default:
			w.contradictions(child)
		}
	}
}

func (w where) note(c *compile.Comparison, claims map[string]*claim) {
	values, ok := allowed(c)
	if !ok {
		return
	}
	before := claims[c.Left.Text]
	if before == nil {
		claims[c.Left.Text] = &claim{values: values, first: c}
		return
	}
	before.values = slices.DeleteFunc(before.values, func(v string) bool { return !slices.Contains(values, v) })
	if len(before.values) == 0 && !before.told {
		before.told = true
		w.b.report(w.place(c.Node.Span(), warnContradiction(w.of, filter.Print(before.first.Node), filter.Print(c.Node))))
	}
}

// allowed lists the values for which a comparison is true, if they can be listed
// and the field has one value only.
func allowed(c *compile.Comparison) ([]string, bool) {
	named := c.Op.Name == "=" || c.Op.Name == "==" || c.Op.Name == "in"
	if !named || c.Modifier != operator.NoModifier || c.Right != nil || !singleValued(c.Left) {
		return nil, false
	}
	values := make([]string, 0, len(c.Consts))
	for _, constant := range c.Consts {
		switch constant.Value.Kind() {
		case event.KindText, event.KindInt, event.KindUint, event.KindBool:
			values = append(values, constant.Value.String())
		default:
			return nil, false
		}
	}
	return values, true
}

// singleValued tells whether a value cannot equal two constants at once. Fields
// that stand for both ends of a connection, or without argument for all
// ancestors, can; what they are is not told by their type.
func singleValued(e *compile.Expr) bool {
	if e.List || e.Field == nil {
		return false
	}
	many := e.Field.Flags&field.EitherEnd != 0 || e.Field.Flags&field.NoRHS != 0 && !e.HasArg
	return !many
}

// lintShadowed reports rules that never match where the first match of an event
// decides, because an earlier rule asks for less.
func (b *builder) lintShadowed() {
	if !b.cfg.Lint {
		return
	}
	for _, rs := range b.set.rulesets {
		b.shadowed(rs)
	}
}

func (b *builder) shadowed(rs *Ruleset) {
	parts := make([][]string, len(rs.Rules))
	byPart := map[string][]int{} // rules by the first of their parts
	for i, r := range rs.Rules {
		parts[i] = partsOf(r.Expr)
		by := len(rs.Rules)
		for _, part := range parts[i] {
			for _, j := range byPart[part] {
				if j < by && subset(parts[j], parts[i]) {
					by = j
				}
			}
		}
		if by < len(rs.Rules) {
			info := b.c.rules.find(r.Name)
			b.report(warnShadowed(info.name.all(), info.item(), rs.Rules[by].Name))
		}
		byPart[parts[i][0]] = append(byPart[parts[i][0]], i)
	}
}

// partsOf is the texts of what must all be true for a condition to be, sorted.
func partsOf(n filter.Node) []string {
	var parts []string
	var collect func(filter.Node)
	collect = func(n filter.Node) {
		if and, ok := n.(*filter.And); ok {
			for _, child := range and.Children {
				collect(child)
			}
			return
		}
		parts = append(parts, filter.Print(n))
	}
	collect(n)
	slices.Sort(parts)
	return slices.Compact(parts)
}

// subset tells whether all of a sorted list are in another.
func subset(list, of []string) bool {
	for _, part := range list {
		i, found := slices.BinarySearch(of, part)
		if !found {
			return false
		}
		of = of[i+1:]
	}
	return true
}

func warnNoTypes(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.NeverTrue, at, of, "the condition is true for no event type",
		"What it asks of evt.type excludes itself. To switch a rule off, say enabled: false.")
}

func warnContradiction(of diag.Item, first, second string) diag.Diagnostic {
	return warn(diag.NeverTrue, diag.Range{}, of, "'"+second+"' is never true together with '"+first+"'",
		"A field has one value: one of the two was meant to be under or.")
}

func warnWeakException(at diag.Range, of diag.Item) diag.Diagnostic {
	return warn(diag.WeakException, at, of, "the watched process can choose to be excepted",
		"Names and arguments are the process's own choice. Add a field that it does not choose, as the path of its program.")
}

func warnShadowed(at diag.Range, of diag.Item, by string) diag.Diagnostic {
	return warn(diag.ShadowedRule, at, of, "rule '"+by+"' matches every event that this rule matches, and comes first",
		"Where the first match decides, this rule never fires: put it first, or exclude its events there.")
}
