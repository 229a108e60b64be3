package conformance

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// caseText is a text of a case: a string, {"hex": …} for bytes, {"repeat": …,
// "times": n}, or {"const": "in"}, which in the reference's tests is one NUL.
type caseText string

// UnmarshalJSON reads any of the forms.
func (t *caseText) UnmarshalJSON(raw []byte) error {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		*t = caseText(plain)
		return nil
	}
	var form struct {
		Hex    *string
		Repeat *string
		Times  int
		Const  string
	}
	if err := json.Unmarshal(raw, &form); err != nil {
		return err
	}
	switch {
	case form.Hex != nil:
		decoded, err := hex.DecodeString(*form.Hex)
		*t = caseText(decoded)
		return err
	case form.Repeat != nil:
		*t = caseText(strings.Repeat(*form.Repeat, form.Times))
		return nil
	case form.Const == "in":
		*t = "\x00"
		return nil
	}
	return fmt.Errorf("unknown form of text: %s", raw)
}
