package ruletest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// expectParsers are the forms of expect, by their second word.
var expectParsers = map[string]func(*statement) (Step, error){
	"fire":    parseExpectFire,
	"silent":  parseExpectSilent,
	"true":    parseExpectTruth,
	"false":   parseExpectTruth,
	"value":   parseExpectValue,
	"missing": parseExpectMissing,
}

func parseExpect(st *statement) (Step, error) {
	word, _ := cutWord(afterWords(st.text, 1))
	parse, ok := expectParsers[word]
	if !ok {
		return nil, fmt.Errorf("expect is followed by fire, silent, true, false, value or missing, not by %q", word)
	}
	return parse(st)
}

func parseExpectSilent(st *statement) (Step, error) {
	if words, err := wordsOf(st); err != nil || len(words) != 1 {
		return nil, fmt.Errorf("expect silent takes nothing more")
	}
	return &ExpectSilent{at(st.line)}, nil
}

func parseExpectFire(st *statement) (Step, error) {
	tokens, err := tokenize(afterWords(st.joined(), 2))
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 || tokens[0].kind != wordToken {
		return nil, fmt.Errorf(`expect fire wants the rule's name: expect fire "Name" count=1 {field=value}`)
	}
	step := &ExpectFire{at: at(st.line), Rule: tokens[0].text, Count: 1}
	tokens, step.Fields, err = takeFields(tokens[1:])
	if err != nil {
		return nil, err
	}
	for _, tok := range tokens {
		if err := step.addAttr(tok); err != nil {
			return nil, err
		}
	}
	return step, nil
}

// fireAttrs are what expect fire can say of a detection besides its fields.
var fireAttrs = []string{"count", "priority", "output", "source", "tag"}

func (e *ExpectFire) addAttr(tok token) error {
	if tok.kind != attrToken || !slices.Contains(fireAttrs, tok.key) {
		return fmt.Errorf("expect fire takes %s and {field=value}, not %q",
			strings.Join(fireAttrs, ", "), tok.key+tok.text)
	}
	if tok.key == "count" {
		n, err := strconv.Atoi(tok.text)
		if err != nil || n < 1 {
			return fmt.Errorf("count=%s: want a number from 1; nothing fires is expect silent", tok.text)
		}
		e.Count = n
		return nil
	}
	attr, err := attrOf(tok)
	e.Attrs = append(e.Attrs, attr)
	return err
}

// takeFields takes the {…} group out of the tokens.
func takeFields(tokens []token) (rest []token, fields []FieldWant, err error) {
	inside := false
	for _, tok := range tokens {
		switch {
		case tok.kind == openToken && !inside:
			inside = true
		case tok.kind == closeToken && inside:
			inside = false
		case tok.kind == openToken || tok.kind == closeToken:
			return nil, nil, fmt.Errorf("braces hold field=value pairs and do not nest")
		case inside:
			want, err := fieldWantOf(tok)
			if err != nil {
				return nil, nil, err
			}
			fields = append(fields, want)
		default:
			rest = append(rest, tok)
		}
	}
	if inside {
		return nil, nil, fmt.Errorf("a brace is not closed")
	}
	return rest, fields, nil
}

func fieldWantOf(tok token) (FieldWant, error) {
	name, missing := strings.CutPrefix(tok.text, "!")
	if tok.kind == wordToken && missing && isKey(name) {
		return FieldWant{Field: name, Missing: true}, nil
	}
	if tok.kind != attrToken {
		return FieldWant{}, fmt.Errorf("%q: want field=value, field~regexp or !field", tok.text)
	}
	if !tok.match {
		return FieldWant{Field: tok.key, Text: tok.text}, nil
	}
	re, err := regexp.Compile(tok.text)
	if err != nil {
		return FieldWant{}, fmt.Errorf("%s~%s is no regular expression: %w", tok.key, tok.text, err)
	}
	return FieldWant{Field: tok.key, Text: tok.text, Pattern: re}, nil
}

func parseExpectTruth(st *statement) (Step, error) {
	word, _ := cutWord(afterWords(st.text, 1))
	expr := afterWords(st.joined(), 2)
	if expr == "" {
		return nil, fmt.Errorf("expect %s wants a condition", word)
	}
	return &ExpectTruth{at(st.line), word == "true", expr}, nil
}

func parseExpectValue(st *statement) (Step, error) {
	tokens, err := tokenize(afterWords(st.joined(), 2))
	if err != nil {
		return nil, err
	}
	if len(tokens) != 1 || tokens[0].kind != attrToken {
		return nil, fmt.Errorf("expect value wants field=value or field~regexp")
	}
	want, err := fieldWantOf(tokens[0])
	return &ExpectValue{at(st.line), want}, err
}

func parseExpectMissing(st *statement) (Step, error) {
	words, err := wordsOf(st)
	if err != nil {
		return nil, err
	}
	if len(words) != 2 {
		return nil, fmt.Errorf("expect missing wants a field")
	}
	return &ExpectValue{at(st.line), FieldWant{Field: words[1], Missing: true}}, nil
}
