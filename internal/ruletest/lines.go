package ruletest

import (
	"fmt"
	"regexp"
	"strings"
)

// statement is a line of the script with the indented lines below it.
type statement struct {
	line  int    // from 1
	text  string // without marker
	block string // the indented lines, markers removed and indentation kept
	// blockLine is the script's line of the block's first line.
	blockLine int
}

// marker is the end of a line on which a failure must be reported.
var marker = regexp.MustCompile("(^|[ \t])###[ \t]*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)[ \t]*$")

// splitLines cuts a script in chunks of statements, and takes the markers out.
func splitLines(s *Script, text string) [][]statement {
	chunks := [][]statement{nil}
	for i, line := range strings.Split(text, "\n") {
		line = takeMarker(s, i+1, strings.TrimSuffix(line, "\r"))
		last := len(chunks) - 1
		switch {
		case strings.TrimRight(line, " \t") == "---":
			chunks = append(chunks, nil)
		case line != "" && line[0] != ' ' && line[0] != '\t':
			chunks[last] = append(chunks[last], statement{line: i + 1, text: line})
		case len(chunks[last]) > 0:
			chunks[last][len(chunks[last])-1].addBlock(i+1, line)
		case strings.TrimSpace(line) != "":
			s.fail(i+1, "an indented line continues the statement above it, but there is none")
		}
	}
	return chunks
}

func (st *statement) addBlock(line int, text string) {
	if st.blockLine == 0 {
		st.blockLine = line
	}
	st.block += text + "\n"
}

// takeMarker removes a marker from a line and remembers it.
func takeMarker(s *Script, line int, text string) string {
	at := marker.FindStringSubmatchIndex(text)
	if at == nil {
		if strings.HasPrefix(text, "###") || strings.Contains(text, " ### ") {
			s.fail(line, "a marker reads ### \"regexp\" and ends its line")
		}
		return text
	}
	quoted := text[at[4]:at[5]]
	pattern, _, err := scanQuoted(quoted)
	if err == nil {
		var re *regexp.Regexp
		if re, err = regexp.Compile(pattern); err == nil {
			s.Markers = append(s.Markers, Marker{line, re})
		}
	}
	if err != nil {
		s.fail(line, fmt.Sprintf("the marker holds no regular expression: %v", err))
	}
	return strings.TrimRight(text[:at[0]], " \t")
}

// joined is the statement with its indented lines as one line. Comment lines
// among them are left out.
func (st *statement) joined() string {
	text := st.text
	for line := range strings.Lines(st.block) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			text += " " + line
		}
	}
	return text
}

func (s *Script) fail(line int, message string) {
	s.Failures = append(s.Failures, Failure{s.Name, line, message})
}
