package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/output"
	"github.com/lannersec/lanner/source/syscall"
)

// formatCase is a template and what it comes to on an event.
type formatCase struct {
	scene
	Format      string
	Mode        string
	TID         int64 // the event's thread, a descendant of init; 0: init itself
	Derived     *bool `json:"resolve_transformed_fields"`
	Error       *bool
	AllResolved *bool `json:"all_resolved"`
	Output      *string
	NFields     *int `json:"n_fields"`
	NNames      *int `json:"n_field_names"`
	Fields      map[string]string
}

// runFormat compiles a template and prints an event with it.
func runFormat(corpus *Corpus, c Case) error {
	var want formatCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	plan := compile.NewPlan(syscall.Source())
	format, problems := output.Compile(want.Format, plan)
	if want.Error != nil {
		return compare(want.Format, *want.Error, format == nil)
	}
	if format == nil {
		return &Mismatch{Input: want.Format, Expected: "accept", Got: &problems[0]}
	}
	m, err := played(corpus, want.scene)
	if err == nil && want.TID != 0 {
		err = m.descend(want.TID)
	}
	if err != nil {
		return err
	}
	ctx := plan.NewContext()
	ctx.Begin(&m.event.Head)
	return want.check(format, ctx)
}

// descendants are the children of init that templates about ancestors need:
// each is the child of the one before.
var descendants = []string{1: "init", 2: "bash", 3: "child"}

// descend makes the threads down to tid and repeats the event there.
func (m *machine) descend(tid int64) error {
	for child := int64(2); child <= tid; child++ {
		text := fmt.Sprintf(`{"step":"generate_clone_x_event","retval":0,"tid":%d,"pid":%d,"ppid":%d,"name":%q}`,
			child, child, child-1, descendants[child])
		st, err := readStep(json.RawMessage(text))
		if err != nil {
			return err
		}
		if err := m.step(st); err != nil {
			return err
		}
	}
	return m.inject(syscall.EvGetcwdX, tid, json.Number("-1"), "/test/dir")
}

func (w *formatCase) check(format *output.Format, ctx *compile.Context) error {
	if w.NNames != nil {
		return compare(w.Format, *w.NNames, len(format.Fields()))
	}
	opts := output.JSONOptions{Derived: w.Derived == nil || *w.Derived}
	text, ok := format.Append(ctx, nil)
	if w.Mode == "json" {
		text, ok = format.AppendJSON(ctx, nil, opts)
	}
	if w.AllResolved != nil && *w.AllResolved != ok {
		return &Mismatch{Input: w.Format, Expected: fmt.Sprint("resolved: ", *w.AllResolved), Got: fmt.Sprint(ok)}
	}
	if w.Output != nil && *w.Output != string(text) {
		return &Mismatch{Input: w.Format, Expected: *w.Output, Got: string(text)}
	}
	fields := resolved(format, ctx, opts)
	if w.NFields != nil && *w.NFields != len(fields) {
		return &Mismatch{Input: w.Format, Expected: fmt.Sprint(*w.NFields, " fields"), Got: fields}
	}
	for name, value := range w.Fields {
		if got, has := fields[name]; !has || got != value {
			return &Mismatch{Input: w.Format + ": " + name, Expected: value, Got: fields}
		}
	}
	return nil
}

// resolved is the values that the template names, up to the first that is missing.
func resolved(format *output.Format, ctx *compile.Context, opts output.JSONOptions) map[string]string {
	fields := map[string]string{}
	for _, f := range format.Fields() {
		if f.Derived && !opts.Derived {
			continue
		}
		v := f.Ref.Get(ctx)
		switch {
		case v.Exists():
			fields[f.Name] = v.String()
		case format.Optional():
			fields[f.Name] = output.NotAvailable
		default:
			return fields
		}
	}
	return fields
}
