package predicate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/engine/internal/fake"
	"github.com/lannersec/lanner/engine/predicate"
)

var source = fake.Standard()

// known is a small vocabulary: whether a call failed, and a path.
func known(field string) *predicate.Subject {
	all := event.AllTypes(source.Types().Len())
	switch field {
	case "evt.failed":
		return &predicate.Subject{Types: all, Values: []predicate.Possible{
			predicate.Exactly(event.Bool(true)), predicate.Exactly(event.Bool(false)),
		}}
	case "fd.num":
		return &predicate.Subject{Types: all, Values: []predicate.Possible{predicate.Between(-40, -1), predicate.Between(0, 9)}}
	case "fd.name":
		return &predicate.Subject{Types: all, Form: predicate.Whole}
	}
	return nil
}

func derive(t *testing.T, text string) *predicate.Predicate {
	t.Helper()
	node, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	cond, problems := compile.NewPlan(source).Condition(node)
	if cond == nil {
		t.Fatalf("%s: %v", text, problems)
	}
	id, _ := source.Types().Lookup("open")
	return predicate.Of([]*compile.Tree{cond.Tree}, id, known)
}

const (
	callFailed = 0
	callWorked = 1
)

func at(result uint8, path string) *predicate.Situation {
	s := &predicate.Situation{Features: [predicate.MaxFeatures]uint8{result, predicate.Unknown, predicate.Unknown, predicate.Unknown}}
	if path != "" {
		s.Texts[0] = predicate.Known{OK: true, Text: path, Base: strings.LastIndexByte(path, '/') + 1}
	}
	return s
}

func TestPredicates(t *testing.T) {
	for _, test := range []struct {
		condition string
		result    uint8
		path      string
		maybe     bool
	}{
		{"fd.name = /etc/shadow", callWorked, "/etc/shadow", true},
		{"fd.name = /etc/shadow", callWorked, "/etc/shadow2", false},
		{"fd.name = /etc/shadow", callWorked, "", true}, // unknown
		{"not fd.name = /etc/shadow", callWorked, "/etc/shadow", true},
		{"fd.name = /a and not fd.name = /a", callWorked, "/b", false},
		{"fd.name startswith /etc and fd.name in (/etc/a, /b)", callWorked, "/b", false},
		{"fd.name startswith /etc and fd.name in (/etc/a, /b)", callWorked, "/etc/a", true},
		{"fd.name in (/a, /b) or evt.failed = true", callFailed, "/c", true},
		{"fd.name in (/a, /b) or evt.failed = true", callWorked, "/c", false},
		{"evt.failed = true", callWorked, "", false},
		{"not evt.failed = true", callWorked, "", true},
		{"not evt.failed = true", callFailed, "", false},
		{"not evt.failed exists", callFailed, "", false},
		{"fd.num >= 0", callFailed, "", false},
		{"not fd.num >= 0", callFailed, "", true},
		{"not fd.num >= 0", callWorked, "", false},
		{"fd.num = 3", callWorked, "", true},
		{"fd.num in (3, -50)", callFailed, "", false},
		{"fd.num != 3", callWorked, "", true},
		{"proc.name = x and evt.failed = true", callWorked, "", false},
		{"proc.name = x or evt.failed = true", callWorked, "", true},
		{"evt.type = close", callWorked, "", false},
		{"not evt.type = close", callWorked, "", true},
		{"fd.name endswith .so", callWorked, "/lib/x.so", true},
		{"fd.name endswith .so", callWorked, "/lib/x.so.1", false},
		{"fd.name contains passwords", callWorked, "/my/passwords.txt", true},
		{"fd.name contains passwords", callWorked, "/my/words", false},
		{"fd.name glob '/home/*/.ssh/*'", callWorked, "/home/x", true},
		{"fd.name glob '/home/*/.ssh/*'", callWorked, "/root/.ssh/x", false},
		{"fd.name glob '*/.ssh/*'", callWorked, "/root/.ssh/x", true},
		{"fd.name regex '/etc/.*'", callWorked, "/usr", true}, // not understood
		{"fd.name pmatch (/etc)", callWorked, "/usr/etc", false},
	} {
		p := derive(t, test.condition)
		s := at(test.result, test.path)
		if got := p.Maybe(s); got != test.maybe {
			t.Errorf("%s with result %d and path %q: %v", test.condition, test.result, test.path, got)
		}
		if got := p.Table().Verdict(s) != 0; got != test.maybe {
			t.Errorf("%s with result %d and path %q: the tables say %v", test.condition, test.result, test.path, got)
		}
	}
}

// Many alternatives are joined until there is a bit for each.
func TestManyAlternatives(t *testing.T) {
	var parts []string
	for i := range 200 {
		parts = append(parts, fmt.Sprintf("(fd.name = /a%d and evt.failed = %v)", i, i%2 == 0))
	}
	p := derive(t, strings.Join(parts, " or "))
	if len(p.Clauses) != 2 {
		t.Errorf("%d situations", len(p.Clauses))
	}
	for i := range 200 {
		if !p.Maybe(at(uint8(i%2), fmt.Sprintf("/a%d", i))) {
			t.Errorf("/a%d is left out", i)
		}
	}
	if p.Maybe(at(callWorked, "/a0")) {
		t.Error("a path of another situation passes")
	}
}

// What cannot be held is let through.
func TestTableBounds(t *testing.T) {
	long := "/" + strings.Repeat("x", 2*predicate.MaxEntry)
	table := derive(t, "fd.name = "+long).Table()
	if table.Verdict(at(callWorked, long)) == 0 {
		t.Error("a long path is left out")
	}
	if table.Verdict(at(callWorked, "/y")) != 0 {
		t.Error("another path passes")
	}
	var parts []string
	for i := range 2 * predicate.MaxNeedles {
		parts = append(parts, fmt.Sprintf("fd.name contains needle%d", i))
	}
	table = derive(t, strings.Join(parts, " or ")).Table()
	for i := range 2 * predicate.MaxNeedles {
		if table.Verdict(at(callWorked, fmt.Sprintf("/x/needle%d", i))) == 0 {
			t.Errorf("needle %d is left out", i)
		}
	}
}

// A list of 10,000 paths is one situation, and exact.
func TestLongList(t *testing.T) {
	var paths []string
	for i := range 10_000 {
		paths = append(paths, fmt.Sprintf("/data/%d", i))
	}
	p := derive(t, "fd.name in ("+strings.Join(paths, ", ")+")")
	table := p.Table()
	if len(p.Clauses) != 1 || len(table.Texts[0].Entries) != len(paths) {
		t.Fatalf("%d situations, %d entries", len(p.Clauses), len(table.Texts[0].Entries))
	}
	if table.Verdict(at(callWorked, "/data/9999")) == 0 || table.Verdict(at(callWorked, "/data/10000")) != 0 {
		t.Error("the list is not exact")
	}
}
