package filter

import "strings"

// Position is the line and column, both from 1, of a byte offset in text.
// Columns count bytes.
func Position(text string, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	before := text[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')
}
