package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

// mockCase is a comparison on a mock field in parts.
type mockCase struct {
	Field        string
	Op           string
	Values       []mockValue
	RHS          string `json:"rhs_field"`
	Transformers []string
	Expect       any
}

// mockValue is a constant of a comparison.
type mockValue struct{ caseText }

// UnmarshalJSON also reads {"const": "long_string"}.
func (v *mockValue) UnmarshalJSON(raw []byte) error {
	if strings.Contains(string(raw), `"long_string"`) {
		v.caseText = caseText(longText)
		return nil
	}
	return v.caseText.UnmarshalJSON(raw)
}

// text writes the comparison in the rule language.
func (m mockCase) text() string {
	left := m.Field
	for _, name := range m.Transformers {
		left = name + "(" + left + ")"
	}
	var right []string
	for _, value := range m.Values {
		right = append(right, filter.Escape(string(value.caseText)))
	}
	list := strings.Join(right, ", ")
	if slices.Contains([]string{"in", "intersects", "pmatch"}, m.Op) && m.RHS == "" {
		list = "(" + list + ")"
	}
	if m.RHS != "" {
		list = strings.TrimSpace(list + " val(" + m.RHS + ")")
	}
	return left + " " + m.Op + " " + list
}

// runOperators runs rhs_value, const_value and compare.
func runOperators(_ *Corpus, c Case) error {
	var want mockCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	text := want.text()
	got := compileText(text)
	switch c.Kind {
	case "rhs_value", "const_value":
		outcome := "accept"
		if got.err != nil {
			outcome = "reject"
		}
		return compare(text, want.Expect, outcome)
	case "compare":
		if got.err != nil {
			return compare(text, want.Expect, "error")
		}
		return compare(text, want.Expect, got.eval())
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}
