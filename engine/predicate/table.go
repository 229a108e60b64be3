package predicate

import (
	"slices"
	"strings"
)

// Bounds of a Table.
const (
	// MaxEntry is how much of a text the entries see; what is longer is cut, and
	// lets through more.
	MaxEntry = 124
	// MaxNeedles bounds the texts that are searched for; clauses with more are
	// taken as passed.
	MaxNeedles = 16
	needleSize = 8
	// MaxScan is the longest text that is searched; a longer one is taken to
	// have every needle.
	MaxScan = 256
)

// Masks has a bit for each clause of a Table.
type Masks = uint64

// Table is a Predicate as the kernel programs evaluate it: with one bit for each
// clause, that every look-up may clear. It lets through at least what the
// Predicate does.
type Table struct {
	// Allow has the clauses that stand for each value of each feature.
	Allow [MaxFeatures][Unknown + 1]Masks
	Texts [MaxTexts]TextTable
}

// TextTable is the tests of one text.
type TextTable struct {
	Free    Masks // clauses that do not test the text
	Indexed Masks // clauses with an Entry
	Bases   Masks // clauses with an Entry in Base
	Entries []Entry
	Base    []Entry
	Needles []Needle
}

// Entry is found by the longest text that begins the text in question. An exact
// one ends with a NUL, as the texts do that are looked up. It has the clauses of
// all that are shorter.
type Entry struct {
	Text   string
	Any    Masks
	Dir    Masks // valid where the last component begins at DirLen
	DirLen int
}

// Needle is up to eight bytes that are searched for.
type Needle struct {
	Text    string // with a NUL at its end: at the end
	Clauses Masks
}

// Table makes the tables of a predicate.
func (p *Predicate) Table() *Table {
	t := &Table{}
	var entries, bases [MaxTexts]builder
	for i := range p.Clauses {
		c, bit := &p.Clauses[i], Masks(1)<<i
		t.allow(c, bit)
		for j := range c.Texts {
			t.Texts[j].add(c.Texts[j], bit, &entries[j], &bases[j])
		}
	}
	for j := range t.Texts {
		t.Texts[j].Entries, t.Texts[j].Base = entries[j].build(), bases[j].build()
	}
	return t
}

func (t *Table) allow(c *Clause, bit Masks) {
	for f := range c.Allow {
		for v := range t.Allow[f] {
			if c.Allow[f]&(1<<v) != 0 {
				t.Allow[f][v] |= bit
			}
		}
	}
}

func (t *TextTable) add(atoms Atoms, bit Masks, entries, bases *builder) {
	if atoms == nil {
		t.Free |= bit
		return
	}
	for _, a := range atoms {
		switch a.Kind {
		case Exact:
			t.Indexed |= bit
			entries.add(a.Text+"\x00", bit, false)
		case Prefix:
			t.Indexed |= bit
			entries.add(a.Text, bit, false)
		case InDirectory:
			t.Indexed |= bit
			entries.add(a.directory(), bit, true)
		case BaseName:
			t.Bases |= bit
			bases.add(a.Text+"\x00", bit, false)
		case Suffix:
			t.needle(tail(a.Text+"\x00"), bit)
		case Contains:
			t.needle(head(a.Text), bit)
		}
	}
}

func head(s string) string { return s[:min(len(s), needleSize)] }
func tail(s string) string { return s[max(0, len(s)-needleSize):] }

func (t *TextTable) needle(text string, bit Masks) {
	i := slices.IndexFunc(t.Needles, func(n Needle) bool { return n.Text == text })
	switch {
	case i >= 0:
		t.Needles[i].Clauses |= bit
	case len(t.Needles) < MaxNeedles:
		t.Needles = append(t.Needles, Needle{text, bit})
	default:
		t.Free |= bit
	}
}

// builder collects entries by their text.
type builder struct{ masks map[string]*Entry }

func (b *builder) add(text string, bit Masks, dir bool) {
	if len(text) > MaxEntry {
		text, dir = text[:MaxEntry], false
	}
	if b.masks == nil {
		b.masks = map[string]*Entry{}
	}
	e := b.masks[text]
	if e == nil {
		e = &Entry{Text: text}
		b.masks[text] = e
	}
	if dir {
		e.Dir, e.DirLen = e.Dir|bit, len(text)
	} else {
		e.Any |= bit
	}
}

// build gives every entry the clauses of those that begin it.
func (b *builder) build() []Entry {
	var entries []Entry
	for text := range b.masks {
		e := Entry{Text: text, DirLen: strings.LastIndexByte(text, '/') + 1}
		for n := range len(text) + 1 {
			if shorter := b.masks[text[:n]]; shorter != nil {
				e.Any |= shorter.Any
			}
		}
		if dir := b.masks[text[:e.DirLen]]; dir != nil {
			e.Dir = dir.Dir
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Text, b.Text) })
	return entries
}

// Verdict is the clauses that stand in a situation; 0: the event can be left out.
// It decides as the kernel programs do.
func (t *Table) Verdict(s *Situation) Masks {
	mask := ^Masks(0)
	for f, v := range s.Features {
		mask &= t.Allow[f][v]
	}
	for i := range s.Texts {
		if s.Texts[i].OK {
			mask &= t.Texts[i].verdict(&s.Texts[i])
		}
	}
	return mask
}

func (t *TextTable) verdict(k *Known) Masks {
	mask, text := t.Free, k.Text+"\x00"
	if e := find(t.Entries, text); e != nil {
		mask |= e.Any
		if k.Base < 0 || k.Base == e.DirLen {
			mask |= e.Dir
		}
	}
	if k.Base < 0 {
		mask |= t.Indexed | t.Bases
	} else if e := find(t.Base, text[k.Base:]); e != nil {
		mask |= e.Any
	}
	for _, n := range t.Needles {
		if len(k.Text) >= MaxScan || strings.Contains(text, n.Text) {
			mask |= n.Clauses
		}
	}
	return mask
}

// find is the entry with the longest text that begins text.
func find(entries []Entry, text string) *Entry {
	var longest *Entry
	for i := range entries {
		if strings.HasPrefix(text, entries[i].Text) && (longest == nil || len(entries[i].Text) > len(longest.Text)) {
			longest = &entries[i]
		}
	}
	return longest
}
