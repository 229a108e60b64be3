package conformance

import (
	"fmt"

	"github.com/lannersec/lanner/engine/filter"
)

// runEscaping runs escape, unescape and escape_roundtrip.
func runEscaping(_ *Corpus, c Case) error {
	var want struct {
		Input  caseText
		Expect *caseText
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	input := string(want.Input)
	switch c.Kind {
	case "escape":
		return compare(input, string(*want.Expect), filter.Escape(input))
	case "unescape":
		return compare(input, string(*want.Expect), unescaped(input))
	case "escape_roundtrip":
		if got := filter.Escape(input); unescaped(got) != input && got != input {
			return &Mismatch{Input: input, Expected: input, Got: got}
		}
		return nil
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}

// unescaped is the text of a quoted string, or "error".
func unescaped(quoted string) string {
	text, err := filter.Unescape(quoted)
	if err != nil {
		return "error"
	}
	return text
}
