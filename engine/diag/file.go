// Package diag holds what there is to say about a user's files: diagnostics
// with their places, and their renderings for terminals, JSON and SARIF.
package diag

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// File is a source file under its name. Places in it are byte offsets; lines
// and columns are computed only when something is printed.
type File struct {
	Name string
	Data []byte

	once  sync.Once
	lines []int // offset of each line's first byte
}

// NewFile names data. It keeps data, which must not change afterwards.
func NewFile(name string, data []byte) *File {
	return &File{Name: name, Data: data}
}

// Position is a place as people count: line and column from 1, the column in
// characters. The zero Position is no place.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Position finds the line and column of a byte offset. Offsets outside of the
// file are moved to its nearest end.
func (f *File) Position(offset int) Position {
	f.once.Do(f.index)
	offset = min(max(offset, 0), len(f.Data))
	line := sort.SearchInts(f.lines, offset+1) - 1
	return Position{Line: line + 1, Column: 1 + utf8.RuneCount(f.Data[f.lines[line]:offset])}
}

// Line returns the text of a line (from 1) without its break, and the offset
// of its first byte. The text aliases Data.
func (f *File) Line(n int) (text []byte, start int) {
	f.once.Do(f.index)
	if n < 1 || n > len(f.lines) {
		return nil, len(f.Data)
	}
	start = f.lines[n-1]
	end := len(f.Data)
	if n < len(f.lines) {
		end = f.lines[n]
	}
	return bytes.TrimRight(f.Data[start:end], "\r\n"), start
}

func (f *File) index() {
	f.lines = append(f.lines, 0)
	for i, b := range f.Data {
		if b == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
}

// Range is a part of a file: byte offsets, End excluded. Without a File it is
// no place.
type Range struct {
	File       *File
	Start, End int
}

// Known tells whether the range is a place at all.
func (r Range) Known() bool { return r.File != nil }

// Position is where the range starts.
func (r Range) Position() Position {
	if r.File == nil {
		return Position{}
	}
	return r.File.Position(r.Start)
}

// FileName is the name of the range's file, or empty.
func (r Range) FileName() string {
	if r.File == nil {
		return ""
	}
	return r.File.Name
}
