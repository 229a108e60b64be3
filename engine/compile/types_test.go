package compile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/internal/fake"
)

func TestTypes(t *testing.T) {
	const all, none = "open openat close execve", ""
	for text, want := range map[string]string{
		"evt.type = open":                              "open",
		"evt.type != open":                             "openat close execve",
		"not evt.type = open":                          "openat close execve",
		"evt.type in (open, close)":                    "open close",
		"evt.type in ()":                               none,
		"evt.type exists":                              all,
		"not evt.type exists":                          none,
		"evt.type startswith open":                     all,
		"toupper(evt.type) startswith open":            all,
		"evt.type contains val(proc.name)":             all,
		"not evt.type startswith open":                 all,
		"proc.name = x":                                all,
		"not proc.name = x":                            all,
		"evt.type = open and proc.name = x":            "open",
		"not (evt.type = open and proc.name = x)":      all,
		"evt.type = open or proc.name = x":             all,
		"not (evt.type = open or proc.name = x)":       "openat close execve",
		"evt.type = open and evt.type = close":         none,
		"not (evt.type = open or evt.type = close)":    "openat execve",
		"not (evt.type != open and evt.type != close)": "open close",
		"evt.num = 0":                                  none,
		"evt.num < 1":                                  none,
		"evt.num <= 0":                                 none,
		"evt.num in (0, 0)":                            none,
		"evt.num in ()":                                none,
		"not evt.num = 0":                              all,
		"not evt.num != 0":                             none,
		"not evt.num >= 1":                             none,
		"not evt.num > 0":                              none,
		"evt.num = 1":                                  all,
		"not evt.num = 1":                              all,
		"evt.num = -1":                                 all,
		"evt.num in (0, 1)":                            all,
		"len(proc.name) = 0":                           all,
		"evt.type = open and evt.num = 0":              none,
		"evt.type = open or evt.num != 0":              all,
		"not (evt.type = open or evt.num = 0)":         "openat close execve",
	} {
		source := fake.Standard()
		cond := compileText(t, compile.NewPlan(source), text)
		if got := source.Types().Names(cond.Types); strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		sets, problems := compile.EventTypes(parse(t, text), source.Types())
		if !sets.True.Equal(cond.Types) || len(problems) > 0 {
			t.Errorf("%s: %q from the syntax, %v", text, source.Types().Names(sets.True), problems)
		}
	}
}

// TestEventTypesOfWhatDoesNotCompile: the syntax is enough.
func TestEventTypesOfWhatDoesNotCompile(t *testing.T) {
	types := fake.Standard().Types()
	sets, problems := compile.EventTypes(parse(t, "evt.type = open and proc.nope = x and a_macro"), types)
	if got := types.Names(sets.True); len(got) != 1 || got[0] != "open" || len(problems) > 0 {
		t.Errorf("%q %v", got, problems)
	}
	if _, problems := compile.EventTypes(parse(t, "evt.type in (opn, close, clos) or b64(evt.type) = open"), types); len(problems) != 3 {
		t.Errorf("%v", problems)
	}
}

// TestTypesCoverEvaluation: what a condition is true for must be in its set.
func TestTypesCoverEvaluation(t *testing.T) {
	source := fake.Standard()
	leaves := []string{"evt.type = open", "evt.type != close", "evt.type in (open, execve)", "proc.name = nginx", "evt.num = 0", "proc.pname = x"}
	for _, a := range leaves {
		for _, b := range leaves {
			for _, shape := range []string{"A and B", "A or B", "not (A and B)", "not (A or not B)", "not A and B"} {
				text := strings.NewReplacer("A", a, "B", b).Replace(shape)
				plan := compile.NewPlan(source)
				cond := compileText(t, plan, text)
				ctx := plan.NewContext()
				for id := range source.Types().Len() {
					ctx.Begin(source.Event(source.Types().Name(event.TypeID(id)), sample()))
					if cond.Eval(ctx) && !cond.Types.Has(event.TypeID(id)) {
						t.Errorf("%s is true for %s, which is not in its set", text, source.Types().Name(event.TypeID(id)))
					}
				}
			}
		}
	}
}

func TestUntypedSource(t *testing.T) {
	source := fake.Untyped(field.Definition{Name: "ka.verb", Type: field.Charbuf})
	cond := compileText(t, compile.NewPlan(source), "not (ka.verb = get or ka.verb = list) and ka.verb exists")
	if cond.Types != nil {
		t.Errorf("types %v", cond.Types)
	}
	if _, problems := problemsOf(t, source, "evt.type = get"); len(problems) != 1 || !problems[0].Unknown {
		t.Errorf("evt.type: %v", problems)
	}
}

// TestTreeIsOrderedByCost: what is cheap is asked first, nothing is lost.
func TestTreeIsOrderedByCost(t *testing.T) {
	text := "fd.name regex 'a.c' and proc.name = x and toupper(proc.name) contains Y and evt.type = open and fd.name in (a, b)"
	cond := compileText(t, compile.NewPlan(fake.Standard()), text)
	var order []string
	cond.Tree.Leaves(func(c *compile.Comparison) { order = append(order, c.Left.Text+" "+c.Op.Name) })
	want := []string{"evt.type =", "proc.name =", "fd.name in", "toupper(proc.name) contains", "fd.name regex"}
	if !slices.Equal(order, want) {
		t.Errorf("%q", order)
	}
	if !slices.IsSortedFunc(cond.Tree.Children, func(a, b *compile.Tree) int { return int(a.Cost) - int(b.Cost) }) {
		t.Error("not ordered by cost")
	}
	var fields []string
	cond.Tree.Fields(func(e *compile.Expr) { fields = append(fields, e.Field.Name) })
	if len(fields) != 5 {
		t.Errorf("fields %q", fields)
	}
}
