package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Case is one line of a corpus file.
type Case struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	// File is the corpus file the case stands in, relative to the corpus.
	File string `json:"-"`
	// Raw is the whole line.
	Raw json.RawMessage `json:"-"`
}

// Decode reads the line into v.
func (c Case) Decode(v any) error {
	if err := json.Unmarshal(c.Raw, v); err != nil {
		return fmt.Errorf("case is not as expected: %w", err)
	}
	return nil
}

// Mismatch is the error of a case that came out otherwise than expected.
type Mismatch struct {
	Input    any
	Expected any
	Got      any
}

// Error shows the three parts, each on a line.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("input    %s\nexpected %s\ngot      %s", show(m.Input), show(m.Expected), show(m.Got))
}

// show is text as it is if it fits on a line, everything else as JSON.
func show(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		if !strings.ContainsAny(v, "\n\t\x00") {
			return v
		}
		return fmt.Sprintf("%q", v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(text)
}

// compare is nil where got is what is expected.
func compare(input, expected, got any) error {
	want, err := canonical(expected)
	if err != nil {
		return err
	}
	have, err := canonical(got)
	if err != nil {
		return err
	}
	if want == have {
		return nil
	}
	return &Mismatch{Input: input, Expected: expected, Got: got}
}

// canonical is v as JSON with sorted keys and without types.
func canonical(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return "", err
	}
	text, err = json.Marshal(plain)
	return string(text), err
}
