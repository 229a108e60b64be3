package engine

import (
	"slices"

	"github.com/lannersec/lanner/engine/filter"
)

// Constants are the constants that enabled rules of a source compare fields
// with. They tell what has to be looked up beforehand because it cannot be
// while an event waits, such as the addresses of host names.
func (e *Engine) Constants(source string, fields ...string) []string {
	var found []string
	for _, rule := range e.Set().Rules {
		if !rule.Enabled || rule.Source != source || rule.Expr == nil {
			continue
		}
		filter.Walk(rule.Expr, func(n filter.Node) bool {
			if c, ok := n.(*filter.Compare); ok && isField(c.Left, fields) {
				found = appendConstants(found, c.Right)
			}
			return true
		})
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func appendConstants(to []string, o filter.Operand) []string {
	switch o := o.(type) {
	case *filter.Value:
		to = append(to, o.Text)
	case *filter.List:
		for i := range o.Values {
			to = append(to, o.Values[i].Text)
		}
	}
	return to
}

func isField(o filter.Operand, fields []string) bool {
	f, ok := o.(*filter.Field)
	return ok && slices.Contains(fields, f.Name)
}
