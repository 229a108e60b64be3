package conformance

import (
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

// parseCase is a case of parse.jsonl.
type parseCase struct {
	Expr    caseText
	Expect  string // accept, reject
	Message string
	// ExpectPos is where reading ends. A case that has it is tried as it is only.
	ExpectPos *struct{ Idx, Line, Col int } `json:"expect_pos"`
}

func runParse(_ *Corpus, c Case) error {
	var want parseCase
	if err := c.Decode(&want); err != nil {
		return err
	}
	text := string(want.Expr)
	if want.ExpectPos != nil && want.ExpectPos.Line > 0 {
		return checkParsedTo(text, want)
	}
	variants := []string{text}
	if want.Expect == "accept" && want.ExpectPos == nil {
		variants = append(variants, "  "+text+"  ",
			strings.ReplaceAll(text, " ", "\n"), strings.ReplaceAll(text, " ", "\t"))
	}
	for _, variant := range variants {
		if err := checkParse(variant, want); err != nil {
			return err
		}
	}
	return nil
}

func checkParse(text string, want parseCase) error {
	_, err := filter.Parse(text)
	switch {
	case err == nil && want.Expect == "accept":
		return nil
	case err != nil && want.Expect == "reject" && strings.Contains(err.Error(), want.Message):
		return nil
	case err != nil:
		return &Mismatch{Input: text, Expected: want.Expect + " " + want.Message, Got: err}
	}
	return &Mismatch{Input: text, Expected: want.Expect + " " + want.Message, Got: "accept"}
}

// checkParsedTo wants that all of the text is read, to the given place.
func checkParsedTo(text string, want parseCase) error {
	if _, err := filter.Parse(text); err != nil {
		return &Mismatch{Input: text, Expected: want.Expect, Got: err}
	}
	line, column := filter.Position(text, len(text))
	return compare(text, []int{want.ExpectPos.Idx, want.ExpectPos.Line, want.ExpectPos.Col}, []int{len(text), line, column})
}
