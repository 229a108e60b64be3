package rules

import (
	"slices"
	"strings"

	"github.com/lannersec/lanner/engine/filter"
)

// lister substitutes lists into texts. The language does this on the text: a
// list's name between blanks, parentheses, commas or equal signs is replaced
// by its items, wherever it stands.
type lister struct {
	lists  *table[listInfo]
	diags  *problems
	copied int                    // items that came into lists by way of others
	full   bool                   // copied is too much
	flat   map[*listInfo][]scalar // items with lists among them replaced
	busy   map[*listInfo]bool     // being flattened
}

const (
	// maxListItems bounds the items that come into lists by way of other lists,
	// for all lists together: they grow exponentially.
	maxListItems = 500_000
	// maxTextItems bounds the items of all lists in one condition.
	maxTextItems = 500_000
)

func newLister(lists *table[listInfo], diags *problems) *lister {
	return &lister{lists: lists, diags: diags, flat: map[*listInfo][]scalar{}, busy: map[*listInfo]bool{}}
}

// items are a list's items with the items of lists that are named among them.
// A list that contains itself keeps its name as a value there.
func (l *lister) items(li *listInfo) []scalar {
	if items, done := l.flat[li]; done {
		return items
	}
	l.busy[li] = true
	var out []scalar
	for _, s := range li.items {
		inner := l.lists.find(s.text)
		if inner == nil {
			out = append(out, s)
			continue
		}
		inner.used = true
		if l.busy[inner] {
			l.diags.add(warnListLoop(s.all(), li.item(), inner.name.text))
			out = append(out, s)
			continue
		}
		items := l.items(inner)
		if l.copied += len(items); l.copied > maxListItems {
			l.tooLarge(li)
			break
		}
		out = append(out, items...)
	}
	delete(l.busy, li)
	l.flat[li] = out
	return out
}

// tooLarge reports, once, that lists of lists are too large.
func (l *lister) tooLarge(li *listInfo) {
	if !l.full {
		l.diags.add(errListTooLarge(li.name.all(), li.item()))
	}
	l.full = true
}

// isDelimiter tells which bytes end a list's name in a text.
func isDelimiter(c byte) bool { return isSpace(c) || c == '(' || c == ')' || c == ',' || c == '=' }

// substitute replaces the names of lists and writes the result into empty. It
// returns t itself where there are none.
func (l *lister) substitute(t, empty *text) *text {
	if len(l.lists.all) == 0 {
		return t
	}
	var out *text
	copied := 0
	for i := 0; i < len(t.b); {
		if isDelimiter(t.b[i]) {
			i++
			continue
		}
		start := i
		for i < len(t.b) && !isDelimiter(t.b[i]) {
			i++
		}
		list := l.lists.find(string(t.b[start:i]))
		if list == nil {
			continue
		}
		if out == nil {
			out = empty
		}
		out.copy(t, copied, start)
		copied = l.insert(out, list, t, start, i)
	}
	if out == nil {
		return t
	}
	out.copy(t, copied, len(t.b))
	return out
}

// insert writes a list's items in place of its name and returns where to go on
// in t: past a comma that an empty list leaves over.
func (l *lister) insert(out *text, list *listInfo, t *text, start, end int) int {
	list.used = true
	if !slices.Contains(out.lists, list.name.text) {
		out.lists = append(out.lists, list.name.text)
	}
	place, _ := t.locate(filter.Span{Start: start, End: end})
	via := &usage{list.item(), place}
	first := len(out.parts)
	items := l.items(list)
	if out.items += len(items); out.items > maxTextItems {
		out.cutShort = true
		return end
	}
	for i, s := range items {
		if i > 0 {
			out.glue(", ", s)
		}
		out.value(s)
	}
	for i := first; i < len(out.parts); i++ {
		out.parts[i].via = via
	}
	if len(items) == 0 {
		return dropComma(out, t, end)
	}
	return end
}

// dropComma takes away the comma before or after a list that was empty.
func dropComma(out, t *text, end int) int {
	n := len(out.b)
	for n > 0 && isSpace(out.b[n-1]) {
		n--
	}
	if n > 0 && out.b[n-1] == ',' {
		out.cut(n - 1)
		return end
	}
	for i := end; i < len(t.b); i++ {
		if t.b[i] == ',' {
			return i + 1
		}
		if !isSpace(t.b[i]) {
			break
		}
	}
	return end
}

// cut shortens the text.
func (t *text) cut(n int) {
	t.b = t.b[:n]
	for len(t.parts) > 0 && t.parts[len(t.parts)-1].at >= n {
		t.parts = t.parts[:len(t.parts)-1]
	}
}

// value appends a constant: in quotes where it has a blank in it and is not in
// quotes already.
func (t *text) value(s scalar) {
	if !strings.ContainsRune(s.text, ' ') || s.text[0] == '"' || s.text[0] == '\'' {
		t.add(s)
		return
	}
	quote := `"`
	if strings.Contains(s.text, `"`) && !strings.Contains(s.text, `'`) {
		quote = `'`
	}
	t.glue(quote, s)
	t.add(s)
	t.glue(quote, s)
}
