package compile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/internal/fake"
)

// TestMemo: a value is read once for an event, whatever asks for it.
func TestMemo(t *testing.T) {
	reads := 0
	source := fake.Standard(field.Definition{Name: "counted.value", Type: field.Charbuf, Get: func(*event.Event) event.Value {
		reads++
		return event.Text("x")
	}})
	plan := compile.NewPlan(source)
	var conditions []*compile.Condition
	for _, text := range []string{"counted.value = y", "counted.value in (a, b)", "toupper(counted.value) = Y", "proc.name = val(counted.value)"} {
		conditions = append(conditions, compileText(t, plan, text))
	}
	ctx := plan.NewContext()
	for event := 1; event <= 3; event++ {
		ctx.Begin(source.Event("open", sample()))
		for _, c := range conditions {
			c.Eval(ctx)
		}
		if reads != event {
			t.Fatalf("%d reads after %d events", reads, event)
		}
	}
}

// TestPanicLeavesNothingStale: after a getter panicked, its slot does not go on
// holding the value of the event before.
func TestPanicLeavesNothingStale(t *testing.T) {
	broken := false
	source := fake.Standard(field.Definition{Name: "risky.value", Type: field.Charbuf, Get: func(*event.Event) event.Value {
		if broken {
			panic("broken")
		}
		return event.Text("old")
	}})
	plan := compile.NewPlan(source)
	first, second := compileText(t, plan, "risky.value = old"), compileText(t, plan, "risky.value != x")
	ctx := plan.NewContext()
	ctx.Begin(source.Event("open", nil))
	if !first.Eval(ctx) || !second.Eval(ctx) {
		t.Fatal("false for the first event")
	}
	broken = true
	ctx.Begin(source.Event("open", nil))
	for _, c := range []*compile.Condition{first, second} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a stale value was used")
				}
			}()
			c.Eval(ctx)
		}()
	}
}

// TestRefsAreShared: the slot depends on what is read, not on how it is written.
func TestRefsAreShared(t *testing.T) {
	plan := compile.NewPlan(fake.Standard())
	for _, pair := range [][2]string{
		{"evt.arg.flags", "evt.arg[flags]"},
		{"toupper(proc.name)", "toupper( proc.name )"},
	} {
		a, errA := plan.Value(pair[0])
		b, errB := plan.Value(pair[1])
		if a != b || errA != nil || errB != nil {
			t.Errorf("%q do not share a slot", pair)
		}
	}
	a, _ := plan.Value(`concat("proc.name", "x")`)
	b, _ := plan.Value(`concat(proc.name, "x")`)
	if a == b || a == nil || b == nil {
		t.Error("a constant and a field share a slot")
	}
}

func TestNoCondition(t *testing.T) {
	if cond, problems := compile.NewPlan(fake.Standard()).Condition(nil); cond != nil || len(problems) != 1 {
		t.Errorf("%v %v", cond, problems)
	}
}

func TestDeepNesting(t *testing.T) {
	var node filter.Node = &filter.Exists{Left: &filter.Field{Name: "proc.name"}, Op: "exists"}
	for i := range 99 {
		if i%2 == 0 {
			node = &filter.Not{Child: node}
		} else {
			node = &filter.And{Children: []filter.Node{node, node}[:1+i%2]}
		}
		if and, ok := node.(*filter.And); ok {
			and.Children = append(and.Children[:1], &filter.Exists{Left: &filter.Field{Name: "proc.pid"}, Op: "exists"})
		}
	}
	plan := compile.NewPlan(fake.Standard())
	cond, problems := plan.Condition(node)
	if cond == nil || len(problems) != 0 {
		t.Fatal(problems)
	}
	ctx := plan.NewContext()
	ctx.Begin(fake.Standard().Event("open", sample()))
	cond.Eval(ctx)
}

func TestLongList(t *testing.T) {
	var items []string
	for i := range 100_000 {
		items = append(items, fmt.Sprintf("/usr/bin/%d", i))
	}
	list := strings.Join(items, ", ")
	for _, op := range []string{"in", "pmatch", "intersects"} {
		source := fake.Standard()
		text := "proc.name " + op + " (" + list + ")"
		if evaluate(t, source, text, fake.Values{"proc.name": event.Text("/usr/bin/x")}) {
			t.Errorf("%s holds x", op)
		}
		if !evaluate(t, source, text, fake.Values{"proc.name": event.Text("/usr/bin/99999")}) {
			t.Errorf("%s does not hold its last item", op)
		}
	}
}

// rulesText are conditions like those of real rules, over the same few fields.
func rulesText(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("evt.type in (open, openat) and evt.failed = false and fd.name startswith /etc "+
			"and not proc.name in (sshd, sudo, su, cron, systemd-%d) and tolower(proc.pname) != 'x%d' "+
			"and (fd.name endswith /shadow%d or basename(fd.name) glob 'key-%d-*' or proc.aname = ssh-%d)", i, i, i, i, i)
	}
	return texts
}

func benchEvent() fake.Values {
	return fake.Values{
		"evt.failed": event.Bool(false),
		"fd.name":    event.Text("/etc/ssl/certs/ca.pem"),
		"proc.name":  event.Text("curl"),
		"proc.pname": event.Text("Bash"),
		"proc.aname": fake.Texts("bash", "sshd", "systemd"),
	}
}

func compileRules(t testing.TB, source *fake.Source, n int) ([]*compile.Condition, *compile.Context) {
	plan := compile.NewPlan(source)
	conditions := make([]*compile.Condition, n)
	for i, text := range rulesText(n) {
		conditions[i] = compileText(t, plan, text)
	}
	return conditions, plan.NewContext()
}

func TestEvalDoesNotAllocate(t *testing.T) {
	source := fake.Standard()
	conditions, ctx := compileRules(t, source, 10)
	ev := source.Event("open", benchEvent())
	n := testing.AllocsPerRun(100, func() {
		ev.Scratch.Reset()
		ctx.Begin(ev)
		for _, c := range conditions {
			if c.Types.Has(ev.Type) && c.Eval(ctx) {
				t.Error("matches")
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkEval100 evaluates 100 rules on an event; the second form pretends a
// new event before each rule, so that nothing is remembered: the difference is
// what the memo saves.
func BenchmarkEval100(b *testing.B) {
	for _, forget := range []bool{false, true} {
		b.Run(map[bool]string{false: "memo", true: "forget"}[forget], func(b *testing.B) {
			source := fake.Standard()
			conditions, ctx := compileRules(b, source, 100)
			ev := source.Event("open", benchEvent())
			b.ReportAllocs()
			for b.Loop() {
				ev.Scratch.Reset()
				ctx.Begin(ev)
				for _, c := range conditions {
					if forget {
						ev.Scratch.Reset()
						ctx.Begin(ev)
					}
					if c.Eval(ctx) {
						b.Fatal("matches")
					}
				}
			}
		})
	}
}

func BenchmarkCompile100(b *testing.B) {
	source := fake.Standard()
	b.ReportAllocs()
	for b.Loop() {
		compileRules(b, source, 100)
	}
}
