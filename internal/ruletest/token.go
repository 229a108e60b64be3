package ruletest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// token is one word of a statement, an attribute, or a brace.
type token struct {
	kind  tokenKind
	text  string // of a word; the value of an attribute
	key   string // of an attribute
	match bool   // key~value
}

type tokenKind uint8

const (
	wordToken tokenKind = iota
	attrToken
	openToken
	closeToken
)

// errQuote is a string without its end.
var errQuote = errors.New("a quoted text does not end on its line")

// tokenize splits a statement. A # that follows a blank starts a comment.
func tokenize(text string) ([]token, error) {
	var tokens []token
	for {
		text = strings.TrimLeft(text, " \t")
		if text == "" || text[0] == '#' {
			return tokens, nil
		}
		tok, rest, err := nextToken(text)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, tok)
		text = rest
	}
}

func nextToken(text string) (tok token, rest string, err error) {
	switch text[0] {
	case '{':
		return token{kind: openToken}, text[1:], nil
	case '}':
		return token{kind: closeToken}, text[1:], nil
	}
	end := keyLen(text)
	if end > 0 && end < len(text) && (text[end] == '=' || text[end] == '~') {
		value, rest, err := scanValue(text[end+1:])
		return token{attrToken, value, text[:end], text[end] == '~'}, rest, err
	}
	word, rest, err := scanValue(text)
	return token{kind: wordToken, text: word}, rest, err
}

// scanValue reads a quoted text, or a bare one up to a blank or brace.
func scanValue(text string) (value, rest string, err error) {
	if text == "" {
		return "", "", nil
	}
	switch text[0] {
	case '"':
		return scanQuoted(text)
	case '\'':
		end := strings.IndexByte(text[1:], '\'')
		if end < 0 {
			return "", "", errQuote
		}
		return text[1 : end+1], text[end+2:], nil
	}
	end := strings.IndexAny(text, " \t{}")
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:], nil
}

func scanQuoted(text string) (value, rest string, err error) {
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil {
		return "", "", errQuote
	}
	value, err = strconv.Unquote(quoted)
	if err != nil {
		return "", "", fmt.Errorf("%s is no quoted text: %w", quoted, err)
	}
	return value, text[len(quoted):], nil
}

// isKey tells whether text can name an attribute or a field.
func isKey(text string) bool { return text != "" && keyLen(text) == len(text) }

// keyLen is the length of the name that text begins with: letters, digits, dots
// and dashes, and an argument in brackets, in which anything may stand.
func keyLen(text string) int {
	for i := 0; i < len(text); i++ {
		c := text[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		inner := i > 0 && (c >= '0' && c <= '9' || c == '.' || c == '-')
		if letter || inner {
			continue
		}
		if end := strings.IndexByte(text[i:], ']'); i > 0 && c == '[' && end > 0 {
			return i + end + 1
		}
		return i
	}
	return len(text)
}
