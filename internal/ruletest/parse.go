package ruletest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxScript bounds a script file, in bytes.
const maxScript = 4 << 20

// Parse reads a script. It reports all mistakes it finds as Failures of the
// Script and goes on after each.
func Parse(name string, text []byte) *Script {
	s := &Script{Name: name}
	if len(text) > maxScript {
		s.fail(1, fmt.Sprintf("the script is larger than %d MiB", maxScript>>20))
		return s
	}
	for _, statements := range splitLines(s, string(text)) {
		if chunk, ok := parseChunk(s, statements); ok {
			s.Chunks = append(s.Chunks, chunk)
		}
	}
	return s
}

func parseChunk(s *Script, statements []statement) (Chunk, bool) {
	var chunk Chunk
	for _, st := range statements {
		step, err := parseStatement(&st)
		if err != nil {
			s.fail(st.line, err.Error())
			continue
		}
		if step != nil {
			chunk.Steps = append(chunk.Steps, step)
		}
	}
	if len(chunk.Steps) == 0 {
		return chunk, false
	}
	chunk.Line = chunk.Steps[0].line()
	return chunk, true
}

// statementParsers is the language: the first word of a statement decides.
var statementParsers = map[string]func(*statement) (Step, error){
	"rules:":    parseInlineRules,
	"rules":     parseRuleFiles,
	"only":      parseOnly,
	"set":       parseSet,
	"user":      parseDeclare,
	"group":     parseDeclare,
	"container": parseDeclare,
	"process":   parseDeclare,
	"event":     parseFeed,
	"replay":    parseReplay,
	"wait":      parseWait,
	"expect":    parseExpect,
}

// parseStatement reads one statement; a comment yields no Step.
func parseStatement(st *statement) (Step, error) {
	if st.text[0] == '#' {
		return nil, nil
	}
	word, _ := cutWord(st.text)
	if parse, ok := statementParsers[word]; ok {
		return parse(st)
	}
	if handle, ok := strings.CutSuffix(word, ":"); ok && isKey(handle) {
		return parseAct(st, handle)
	}
	return nil, fmt.Errorf("unknown statement %q; statements are %s, and PROCESS: EVENT key=value…", word, knownStatements())
}

func knownStatements() string {
	words := make([]string, 0, len(statementParsers))
	for word := range statementParsers {
		words = append(words, word)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func parseInlineRules(st *statement) (Step, error) {
	if strings.TrimSpace(st.text) != "rules:" || st.block == "" {
		return nil, fmt.Errorf("rules: is followed by indented lines that hold the rules; rules FILE loads a file")
	}
	return &LoadRules{at: at(st.line), Text: st.block, TextLine: st.blockLine}, nil
}

func parseRuleFiles(st *statement) (Step, error) {
	words, err := wordsOf(st)
	if err == nil && len(words) == 0 {
		err = fmt.Errorf("rules wants files; default and audit are the embedded rules")
	}
	return &LoadRules{at: at(st.line), Files: words}, err
}

func parseOnly(st *statement) (Step, error) {
	words, err := wordsOf(st)
	if err == nil && len(words) == 0 {
		err = fmt.Errorf("only wants names of rules")
	}
	return &Only{at(st.line), words}, err
}

func parseSet(st *statement) (Step, error) {
	_, attrs, err := attrsOf(st, 0)
	return &Set{at(st.line), attrs}, err
}

func parseDeclare(st *statement) (Step, error) {
	kind, _ := cutWord(st.text)
	words, attrs, err := attrsOf(st, 1)
	if err != nil {
		return nil, err
	}
	return &Declare{at(st.line), kind, words[0], attrs}, nil
}

func parseAct(st *statement, process string) (Step, error) {
	words, attrs, err := attrsOf(st, 1)
	if err != nil {
		return nil, err
	}
	return &Act{at(st.line), process, words[0], attrs}, nil
}

func parseFeed(st *statement) (Step, error) {
	words := strings.Fields(st.text)
	last := len(words) - 1
	head, ok := strings.CutSuffix(words[last], ":")
	words[last] = head
	if !ok || last < 1 || last > 2 || !isKey(words[1]) || st.block == "" {
		return nil, fmt.Errorf("an event of another source reads event SOURCE: or event SOURCE TYPE: with the JSON text on indented lines below")
	}
	feed := &Feed{at: at(st.line), Source: words[1], Text: st.block}
	if last == 2 {
		feed.Type = words[2]
	}
	return feed, nil
}

func parseReplay(st *statement) (Step, error) {
	words, err := wordsOf(st)
	if err == nil && len(words) != 1 {
		err = fmt.Errorf("replay wants a capture file")
	}
	if err != nil {
		return nil, err
	}
	return &Replay{at(st.line), words[0]}, nil
}

func parseWait(st *statement) (Step, error) {
	words, err := wordsOf(st)
	if err != nil {
		return nil, err
	}
	if len(words) != 1 {
		return nil, fmt.Errorf("wait wants a duration such as 5s or 200ms")
	}
	d, err := time.ParseDuration(words[0])
	if err != nil || d < 0 {
		return nil, fmt.Errorf("%q is no duration such as 5s or 200ms", words[0])
	}
	return &Wait{at(st.line), d}, nil
}

// cutWord splits text after its first word.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, " \t")
	if end := strings.IndexAny(text, " \t"); end >= 0 {
		return text[:end], strings.TrimLeft(text[end:], " \t")
	}
	return text, ""
}

// afterWords is the text behind the first n words.
func afterWords(text string, n int) string {
	for range n {
		_, text = cutWord(text)
	}
	return text
}

// wordsOf reads a statement of bare words, without the first.
func wordsOf(st *statement) ([]string, error) {
	tokens, err := tokenize(afterWords(st.joined(), 1))
	if err != nil {
		return nil, err
	}
	var words []string
	for _, tok := range tokens {
		if tok.kind != wordToken {
			return nil, fmt.Errorf("%q does not belong here", tok.key+tok.text)
		}
		words = append(words, tok.text)
	}
	return words, nil
}

// attrsOf reads a statement of n words, after the first, and attributes.
func attrsOf(st *statement, n int) ([]string, []Attr, error) {
	tokens, err := tokenize(afterWords(st.joined(), 1))
	if err != nil {
		return nil, nil, err
	}
	var words []string
	var attrs []Attr
	for _, tok := range tokens {
		if tok.kind == wordToken && len(words) < n {
			words = append(words, tok.text)
			continue
		}
		attr, err := attrOf(tok)
		if err != nil {
			return nil, nil, err
		}
		attrs = append(attrs, attr)
	}
	if len(words) < n {
		first, _ := cutWord(st.text)
		return nil, nil, fmt.Errorf("%s wants a name", first)
	}
	return words, attrs, nil
}

// attrOf is a token as attribute; a lone word is a switch that is on.
func attrOf(tok token) (Attr, error) {
	switch {
	case tok.kind == attrToken:
		return Attr{tok.key, tok.text, tok.match}, nil
	case tok.kind == wordToken && isKey(tok.text):
		return Attr{Key: tok.text, Value: "true"}, nil
	}
	return Attr{}, fmt.Errorf("%q: want key=value", tok.text)
}
