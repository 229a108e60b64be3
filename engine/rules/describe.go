package rules

import (
	"slices"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/output"
)

// Details is what a condition names.
type Details struct {
	Fields       []string `json:"condition_fields"`
	Operators    []string `json:"condition_operators"`
	Transformers []string `json:"condition_transformers,omitempty"`
	Macros       []string `json:"macros"`
	Lists        []string `json:"lists"`
}

// DetailsOf collects what a condition names, each once and sorted. Macros and
// values count if they are among the known names.
func DetailsOf(n filter.Node, isMacro, isList func(string) bool) Details {
	d := Details{Fields: []string{}, Operators: []string{}, Macros: []string{}, Lists: []string{}}
	filter.Walk(n, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.Macro:
			if isMacro(n.Name) {
				d.Macros = append(d.Macros, n.Name)
			}
		case *filter.Exists:
			d.Operators = append(d.Operators, n.Op)
		case *filter.Compare:
			d.Operators = append(d.Operators, n.Op)
		}
		return true
	})
	filter.Operands(n, func(o filter.Operand) { d.operand(o, isList) })
	for _, names := range []*[]string{&d.Fields, &d.Operators, &d.Transformers, &d.Macros, &d.Lists} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return d
}

func (d *Details) operand(o filter.Operand, isList func(string) bool) {
	switch o := o.(type) {
	case *filter.Field:
		d.Fields = append(d.Fields, o.Name)
	case *filter.Transformer:
		d.Transformers = append(d.Transformers, o.Name)
	case *filter.Value:
		if isList(o.Text) {
			d.Lists = append(d.Lists, o.Text)
		}
	case *filter.List:
		for _, v := range o.Values {
			if isList(v.Text) {
				d.Lists = append(d.Lists, v.Text)
			}
		}
	}
}

// Description is a set as data, for tools: the layout is that of the reference
// implementation's.
type Description struct {
	Required string             `json:"required_engine_version,omitempty"`
	Rules    []RuleDescription  `json:"rules"`
	Macros   []MacroDescription `json:"macros"`
	Lists    []ListDescription  `json:"lists"`
}

// RuleDescription describes a rule.
type RuleDescription struct {
	Info struct {
		Name            string   `json:"name"`
		Condition       string   `json:"condition"`
		Description     string   `json:"description"`
		Output          string   `json:"output"`
		Priority        string   `json:"priority"`
		Source          string   `json:"source"`
		Enabled         bool     `json:"enabled"`
		Tags            []string `json:"tags"`
		Capture         bool     `json:"capture"`
		CaptureDuration int      `json:"capture_duration"`
		File            string   `json:"file"`
		Line            int      `json:"line"`
	} `json:"info"`
	Details struct {
		Details
		Condition    string   `json:"condition_compiled"`
		Output       string   `json:"output_compiled"`
		OutputFields []string `json:"output_fields"`
		Exceptions   []string `json:"exceptions"`
		Events       []string `json:"events"`
	} `json:"details"`
}

// MacroDescription describes a macro.
type MacroDescription struct {
	Info struct {
		Name      string `json:"name"`
		Condition string `json:"condition"`
	} `json:"info"`
	Details struct {
		Details
		Condition string `json:"condition_compiled"`
		Used      bool   `json:"used"`
	} `json:"details"`
}

// ListDescription describes a list.
type ListDescription struct {
	Info struct {
		Name  string   `json:"name"`
		Items []string `json:"items"`
	} `json:"info"`
	Details struct {
		Items []string `json:"items_compiled"`
		Lists []string `json:"lists"`
		Used  bool     `json:"used"`
	} `json:"details"`
}

func never(string) bool { return false }

// Describe describes the set.
func (s *Set) Describe() Description {
	d := Description{Rules: []RuleDescription{}, Macros: []MacroDescription{}, Lists: []ListDescription{}}
	if s.Required != (Version{}) {
		d.Required = s.Required.String()
	}
	for _, r := range s.Rules {
		d.Rules = append(d.Rules, s.describeRule(r))
	}
	for _, m := range s.Macros {
		d.Macros = append(d.Macros, describeMacro(m))
	}
	for _, l := range s.Lists {
		d.Lists = append(d.Lists, describeList(l))
	}
	return d
}

func (s *Set) describeRule(r *Rule) RuleDescription {
	var d RuleDescription
	d.Info.Name, d.Info.Condition, d.Info.Description = r.Name, r.ConditionText, r.Desc
	d.Info.Output, d.Info.Priority, d.Info.Source = r.OutputText, r.Priority.String(), r.Source
	d.Info.Enabled, d.Info.Tags = r.Enabled, orEmpty(r.Tags)
	d.Info.Capture, d.Info.CaptureDuration = r.Capture, r.CaptureDuration
	d.Info.File, d.Info.Line = r.File, r.Line
	d.Details.Details = DetailsOf(r.Expr, never, never)
	d.Details.Macros, d.Details.Lists = orEmpty(r.Macros), orEmpty(r.Lists)
	d.Details.Condition, d.Details.Output = filter.Print(r.Expr), r.OutputText
	d.Details.OutputFields = fieldNames(r.Output)
	d.Details.Exceptions = orEmpty(r.Exceptions)
	d.Details.Events = s.eventNames(r)
	return d
}

// eventNames is empty for a rule that can match all types.
func (s *Set) eventNames(r *Rule) []string {
	names := []string{}
	rs := s.rulesets[r.Source]
	if rs.untyped(r) {
		return names
	}
	types := rs.Source.Types()
	for id := range types.Len() {
		if r.Condition.Types.Has(event.TypeID(id)) {
			names = append(names, types.Name(event.TypeID(id)))
		}
	}
	slices.Sort(names)
	return names
}

func describeMacro(m *Macro) MacroDescription {
	var d MacroDescription
	d.Info.Name, d.Info.Condition = m.Name, m.ConditionText
	if m.Expr != nil {
		d.Details.Details = DetailsOf(m.Expr, never, never)
		d.Details.Condition = filter.Print(m.Expr)
	}
	d.Details.Macros, d.Details.Lists, d.Details.Used = orEmpty(m.Macros), orEmpty(m.Lists), m.Used
	return d
}

func describeList(l *List) ListDescription {
	var d ListDescription
	d.Info.Name, d.Info.Items = l.Name, orEmpty(l.Written)
	d.Details.Items, d.Details.Lists, d.Details.Used = orEmpty(l.Items), orEmpty(l.Lists), l.Used
	return d
}

func fieldNames(f *output.Format) []string {
	names := []string{}
	for _, field := range f.Fields() {
		names = append(names, field.Name)
	}
	return names
}

// orEmpty makes lists of JSON that are never null.
func orEmpty(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
