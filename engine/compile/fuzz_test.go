package compile_test

import (
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/internal/fake"
)

// FuzzCondition holds a condition against what must be true of every one.
func FuzzCondition(f *testing.F) {
	for _, seed := range append(rulesText(1),
		"proc.name in (a, b) and not fd.ip != 1.2.3.4",
		"fd.net = 10.0.0.0/8 or fd.port in (443, https)",
		`getopt(("-n", "x"), "n:")[n] = x`,
		`join(",", (proc.name, evt.num)) regex "[a-z]+,[0-9]"`,
		"evt.buffer bcontains 7f45 or proc.args intersects (-t)",
		"fd.name pmatch (/etc, /home/*/.ssh) and fd.name iglob *[[:upper:]]*",
		"proc.name contains oneof (a, b) or evt.num = 0",
		"proc.load > -3 and proc.uid < -1",
	) {
		f.Add(seed)
	}
	source := fake.Standard()
	f.Fuzz(func(t *testing.T, text string) {
		node, err := filter.Parse(text)
		if err != nil {
			return
		}
		plan := compile.NewPlan(source)
		cond, problems := plan.Condition(node)
		if cond == nil {
			if len(problems) == 0 {
				t.Fatal("refused without a reason")
			}
			return
		}
		negated, _ := plan.Condition(&filter.Not{Child: node})
		if negated == nil {
			t.Fatal("the negation is refused")
		}
		ctx := plan.NewContext()
		for _, name := range []string{"open", "close"} {
			for _, values := range []fake.Values{sample(), {}} {
				ev := source.Event(name, values)
				ctx.Begin(ev)
				got := cond.Eval(ctx)
				if got && !cond.Types.Has(ev.Type) {
					t.Errorf("%q is true for %s, which is not in its set", text, name)
				}
				if got == negated.Eval(ctx) {
					t.Errorf("%q and its negation are both %v", text, got)
				}
			}
		}
	})
}
