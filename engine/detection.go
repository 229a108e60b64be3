package engine

import (
	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/rules"
)

// Detection is a rule that matched an event. It owns all it holds: it may be
// kept and passed on.
type Detection struct {
	Rule   *rules.Rule
	Time   uint64 // of the event, nanoseconds since the Unix epoch
	Num    uint64 // of the event among those of its source
	Source string
	Type   string // the event's type; empty where the source has none
	Output string
	// Fields are the values that the output names, then those that the options
	// ask for, each name once. Values that the event does not have are left out.
	Fields []FieldValue
}

// FieldValue is a field's value in a detection.
type FieldValue struct {
	Name  string
	Type  field.Type
	Value event.Value
}

// Field finds a value by name; it is Missing if the event did not have it.
func (d *Detection) Field(name string) event.Value {
	for i := range d.Fields {
		if d.Fields[i].Name == name {
			return d.Fields[i].Value
		}
	}
	return event.Value{}
}

// detect copies what there is to say of a match out of the event.
func detect(rule *rules.Rule, c *compile.Context, types *event.Types, scratch []byte) (*Detection, []byte) {
	ev := c.Event()
	d := &Detection{
		Rule: rule, Time: ev.Time, Num: ev.Num, Source: rule.Source,
		Fields: make([]FieldValue, 0, len(rule.Fields)+len(rule.Extra)),
	}
	if types != nil {
		d.Type = types.Name(ev.Type)
	}
	scratch, _ = rule.Output.Append(c, scratch[:0])
	d.Output = string(scratch)
	for i := range rule.Fields {
		f := &rule.Fields[i]
		if v := f.Ref.Get(c); v.Exists() {
			d.Fields = append(d.Fields, FieldValue{f.Name, f.Ref.Expr.Type, v.Clone()})
		}
	}
	for _, extra := range rule.Extra {
		scratch, _ = extra.Format.Append(c, scratch[:0])
		d.Fields = append(d.Fields, FieldValue{extra.Name, field.Charbuf, event.Text(string(scratch))})
	}
	return d, scratch
}
