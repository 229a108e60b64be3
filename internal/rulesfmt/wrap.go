package rulesfmt

import "strings"

// collapse makes one blank of every run of blanks outside of quotes, and none
// at the ends.
func collapse(text string) string { return strings.Join(words(text), " ") }

// words splits text at blanks outside of quotes.
func words(text string) []string {
	var out []string
	var quote byte
	start := -1
	for i := range len(text) {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote && text[i-1] != '\\' {
				quote = 0
			}
			continue
		case strings.IndexByte(" \t\r\n\b", c) >= 0:
			if start >= 0 {
				out = append(out, text[start:i])
			}
			start = -1
			continue
		case c == '"' || c == '\'':
			quote = c
		}
		if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, text[start:])
	}
	return out
}

// Wrap breaks text into lines of at most limit bytes, where it has blanks.
func Wrap(text string, limit int) []string {
	return wrapProse(strings.Join(strings.Fields(text), " "), limit)
}

// wrap breaks text at single blanks outside of quotes.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range words(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// wrapProse breaks text at single blanks, quotes or not, so that folding the
// lines gives the text again.
func wrapProse(text string, width int) []string {
	var lines []string
	for len(text) > width {
		cut := breakAt(text, width)
		if cut < 0 {
			break
		}
		lines = append(lines, text[:cut])
		text = text[cut+1:]
	}
	return append(lines, text)
}

// breakAt is the last single blank within width, or the first one after it.
func breakAt(text string, width int) int {
	for i := min(width, len(text)-1); i > 0; i-- {
		if isSingleBlank(text, i) {
			return i
		}
	}
	for i := width + 1; i < len(text); i++ {
		if isSingleBlank(text, i) {
			return i
		}
	}
	return -1
}

func isSingleBlank(text string, i int) bool {
	return text[i] == ' ' && i > 0 && i+1 < len(text) &&
		!strings.ContainsRune(" \t\n", rune(text[i-1])) && !strings.ContainsRune(" \t\n", rune(text[i+1]))
}

// fill joins items with commas into lines of at most width bytes.
func fill(items []string, width int) []string {
	var lines []string
	line := ""
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		if line != "" && len(line)+1+len(item) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += item
	}
	return append(lines, line)
}
