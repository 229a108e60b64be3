package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/source/syscall"
)

// withoutPlugin leaves out the cases that need the fields of a test's plugin.
func withoutPlugin(c Case) bool {
	var needs struct {
		Plugin bool `json:"plugin_fields"`
	}
	return c.Decode(&needs) != nil || !needs.Plugin
}

// played is a machine on which a case's setup has run. The check is on its last
// event, also where a case names an earlier one: the tests that the cases stem
// from look through a reference that every event moves on.
func played(corpus *Corpus, s scene) (*machine, error) {
	names, err := constantsOf(corpus)
	if err != nil {
		return nil, err
	}
	m := newMachine(names)
	return m, m.play(s)
}

// runEval decides a condition on an event.
func runEval(corpus *Corpus, c Case) error {
	var want struct {
		scene
		Expr   string
		Expect any
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	m, err := played(corpus, want.scene)
	if err != nil {
		return err
	}
	got, reason := m.eval(want.Expr)
	if want.Expect == "no_error" {
		if got != "error" {
			return nil
		}
		return &Mismatch{Input: want.Expr, Expected: want.Expect, Got: reason}
	}
	if err := compare(want.Expr, want.Expect, got); err != nil {
		return errors.Join(err, reason)
	}
	return nil
}

// eval is true, false, or "error" with the reason.
func (m *machine) eval(expr string) (any, error) {
	node, err := filter.Parse(expr)
	if err != nil {
		return "error", err
	}
	plan := compile.NewPlan(syscall.Source())
	cond, problems := plan.Condition(node)
	if cond == nil {
		var reasons []error
		for i := range problems {
			reasons = append(reasons, &problems[i])
		}
		return "error", errors.Join(reasons...)
	}
	ctx := plan.NewContext()
	ctx.Begin(&m.event.Head)
	return cond.Eval(ctx), nil
}

// value reads a field.
func (m *machine) value(name string) (event.Value, error) {
	if def, ok := syscall.Source().Fields().Lookup(name); ok && def.Flags&field.TableOnly != 0 && def.Get != nil {
		return def.Get(&m.event.Head).Clone(), nil // rules may not name it, the cases read it directly
	}
	plan := compile.NewPlan(syscall.Source())
	ref, err := plan.Value(name)
	if err != nil {
		return event.Value{}, err
	}
	ctx := plan.NewContext()
	ctx.Begin(&m.event.Head)
	return ref.Get(ctx).Clone(), nil
}

// text is a field's text, "(no value)" where it has none.
func (m *machine) text(name string) (string, error) {
	v, err := m.value(name)
	if err != nil {
		return "", err
	}
	if !v.Exists() {
		return "(no value)", nil
	}
	return v.String(), nil
}

// runField compares fields of an event.
func runField(corpus *Corpus, c Case) error {
	var want struct {
		scene
		Field  string
		Expect json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	m, err := played(corpus, want.scene)
	if err != nil {
		return err
	}
	expect, err := readJSON(want.Expect)
	if err != nil {
		return err
	}
	switch c.Kind {
	case "field":
		return m.checkField(want.Field, expect)
	case "field_present":
		v, err := m.value(want.Field)
		return errors.Join(err, compare(want.Field, expect, v.Exists()))
	case "return_value":
		n, err := m.names.number(expect)
		return errors.Join(err, m.checkReturn(n))
	case "fd_fields":
		fields, _ := expect.(map[string]any)
		return m.checkFDFields(fields)
	}
	return fmt.Errorf("kind %q is not known", c.Kind)
}

func (m *machine) checkField(name string, expect any) error {
	if form, ok := expect.(map[string]any); ok {
		if other, ok := form["same_as_field"].(string); ok {
			text, err := m.text(other)
			if err != nil {
				return err
			}
			expect = text
		}
	}
	want, err := m.names.text(expect)
	if err != nil {
		return err
	}
	got, err := m.text(name)
	return errors.Join(err, compare(name, want, got))
}

// checkReturn compares the fields that a call's result shows in.
func (m *machine) checkReturn(res int64) error {
	number := fmt.Sprint(res)
	want := map[string]string{"evt.rawres": number}
	if res >= 0 {
		want["evt.res"], want["evt.failed"] = "SUCCESS", "false"
	} else {
		arg, err := m.text("evt.arg[0]")
		if err != nil {
			return err
		}
		want["evt.res"], want["evt.failed"] = arg, "true"
	}
	var errs []error
	for name, text := range want {
		got, err := m.text(name)
		errs = append(errs, err, compare(name, text, got))
	}
	return errors.Join(errs...)
}

// fdFields names the fields of an fd_fields check.
var fdFields = map[string]string{
	"fd_num": "fd.num", "fd_name": "fd.name", "fd_name_raw": "fd.nameraw",
	"fd_directory": "fd.directory", "fd_filename": "fd.filename",
}

func (m *machine) checkFDFields(expect map[string]any) error {
	var errs []error
	for key, value := range expect {
		got, err := m.text(fdFields[key])
		errs = append(errs, err, compare(fdFields[key], fmt.Sprint(value), got))
	}
	return errors.Join(errs...)
}

// runParams compares decoded parameters.
func runParams(corpus *Corpus, c Case) error {
	var want struct {
		scene
		Param  string
		CType  string
		Expect json.RawMessage
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	m, err := played(corpus, want.scene)
	if err != nil {
		return err
	}
	expect, err := readJSON(want.Expect)
	if err != nil {
		return err
	}
	if c.Kind == "event_type" {
		return m.checkType(expect)
	}
	i := m.event.ParamNamed(want.Param)
	if i < 0 {
		return fmt.Errorf("the event has no parameter %q", want.Param)
	}
	switch {
	case c.Kind == "param_str":
		text, err := m.names.text(expect)
		return errors.Join(err, compare(want.Param, text, string(m.event.AppendArg(nil, i))))
	case strings.HasPrefix(want.CType, "std::vector"):
		text, err := m.names.text(expect)
		return errors.Join(err, compare(want.Param, []byte(text), m.event.Param(i)))
	case strings.HasPrefix(want.CType, "std::"):
		text, err := m.names.text(expect)
		return errors.Join(err, compare(want.Param, text, m.event.Text(i)))
	}
	n, err := m.names.number(expect)
	if want.CType == "uint32_t" {
		n = int64(uint32(n))
	}
	got := int64(m.event.Uint(i))
	if strings.HasPrefix(want.CType, "int") {
		got = m.event.Int(i)
	}
	return errors.Join(err, compare(want.Param, n, got))
}

// checkType compares the event's encoding by its name; numbers
// of versions at the end are not in event names.
func (m *machine) checkType(expect any) error {
	form, _ := expect.(map[string]any)
	name, _ := form["const"].(string)
	base := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "PPME_SYSCALL_"), "_X"))
	if m.event.Enter() || strings.TrimRight(base, "_0123456789") != m.event.Name() {
		return &Mismatch{Input: "event type", Expected: name, Got: m.event.Name()}
	}
	return nil
}
