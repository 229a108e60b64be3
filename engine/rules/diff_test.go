package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lannersec/lanner/engine/rules"
)

const diffRules = `
- list: names
  items: [cat, dog]
- macro: pets
  condition: proc.name in (names)
- rule: Stays
  desc: d
  condition: evt.type = open
  output: o
  priority: WARNING
- rule: By list
  desc: d
  condition: evt.type = open and pets
  output: o
  priority: WARNING
- rule: Louder
  desc: d
  condition: evt.type = open
  output: o
  priority: NOTICE
- rule: Goes
  desc: d
  condition: evt.type = open
  output: o
  priority: NOTICE
`

func TestCompareNamesWhatChanged(t *testing.T) {
	before, _ := load(diffRules)
	after, _ := load(strings.NewReplacer("cat, dog", "cat, dog, fish", "rule: Goes", "rule: Comes",
		"NOTICE\n- rule: Goes", "ERROR\n- rule: Comes").Replace(diffRules))
	d := rules.Compare(before, after)
	if !slices.Equal(d.Added, []string{"Comes"}) || !slices.Equal(d.Removed, []string{"Goes"}) ||
		!slices.Equal(d.Changed, []string{"By list", "Louder"}) {
		t.Errorf("%+v", d)
	}
	same, _ := load(diffRules)
	if d := rules.Compare(before, same); !d.Empty() {
		t.Errorf("the same rules differ: %+v", d)
	}
}
