package conformance

import (
	"encoding/json"
	"slices"

	"github.com/lannersec/lanner/engine/compile"
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/filter"
	"github.com/lannersec/lanner/source/syscall"
)

// runEventTypes compares the set of event types that a condition can match.
func runEventTypes(_ *Corpus, c Case) error {
	var want struct {
		Expr   caseText
		Expect json.RawMessage
		SameAs *caseText `json:"same_as"`
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	text := string(want.Expr)
	got := typesOf(text)
	if want.SameAs != nil {
		return compare(text, typesOf(string(*want.SameAs)), got)
	}
	if string(want.Expect) == `"ok"` {
		return compare(text, false, slices.Contains(got, "error"))
	}
	expected, err := expectedTypes(want.Expect)
	if err != nil {
		return err
	}
	return compare(text, expected, got)
}

// typesOf lists the event types by name; an error is one name. The cases ask
// for the types of conditions that need not compile.
func typesOf(text string) []string {
	node, err := filter.Parse(text)
	if err != nil {
		return []string{"error"}
	}
	sets, problems := compile.EventTypes(node, syscall.Types())
	if len(problems) > 0 {
		return []string{"error"}
	}
	return typeNames(sets.True.Has)
}

func typeNames(has func(event.TypeID) bool) []string {
	names := []string{}
	for id := range syscall.Types().Len() {
		if has(event.TypeID(id)) {
			names = append(names, syscall.Types().Name(event.TypeID(id)))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// expectedTypes reads all, none, error, {"only"} or {"all_except"}.
func expectedTypes(raw json.RawMessage) ([]string, error) {
	var word string
	if json.Unmarshal(raw, &word) == nil {
		if word == "error" {
			return []string{word}, nil
		}
		return typeNames(func(event.TypeID) bool { return word == "all" }), nil
	}
	var sets struct {
		Only   []string
		Except []string `json:"all_except"`
	}
	if err := json.Unmarshal(raw, &sets); err != nil {
		return nil, err
	}
	if sets.Only != nil {
		slices.Sort(sets.Only)
		return sets.Only, nil
	}
	return typeNames(func(id event.TypeID) bool {
		return !slices.Contains(sets.Except, syscall.Types().Name(id))
	}), nil
}
