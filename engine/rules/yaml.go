package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/lannersec/lanner/engine/diag"
)

const (
	// MaxFileSize bounds a rules file. YAML nodes take some thirty times the
	// room of the text, and ten thousand rules fit in a third of it.
	MaxFileSize = 16 << 20
	// spareVisits is how many more nodes may be read from a file than it has
	// bytes: aliases of aliases multiply, everything else is read at most twice
	// and takes more than two bytes.
	spareVisits = 100_000
)

// source is a file that is being read.
type source struct {
	file   *diag.File
	lines  []int // offset of each line's first byte, as YAML breaks lines
	visits int   // nodes that may still be read
	last   mark  // the place that was asked for last
}

// mark is a place in both ways of counting.
type mark struct{ line, column, offset int }

// errUnreadable stands for a failure of the YAML library itself.
var errUnreadable = errors.New("the YAML parser failed")

var utf8BOM = []byte("\xef\xbb\xbf")

func newSource(f File) *source {
	s := &source{file: diag.NewFile(f.Name, f.Data), visits: len(f.Data) + spareVisits}
	s.lines = yamlLines(f.Data)
	return s
}

// yamlLines finds where lines begin. YAML also breaks lines at a lone carriage
// return and at three Unicode characters; the places of nodes count those.
func yamlLines(data []byte) []int {
	first := 0
	if bytes.HasPrefix(data, utf8BOM) {
		first = len(utf8BOM)
	}
	lines := []int{first}
	for i := 0; i < len(data); {
		n := breakLen(data[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		lines = append(lines, i)
	}
	return lines
}

// breakLen is the length of the line break that b begins with, or 0.
func breakLen[T []byte | string](b T) int {
	switch {
	case len(b) == 0:
	case b[0] == '\n':
		return 1
	case b[0] == '\r':
		if len(b) > 1 && b[1] == '\n' {
			return 2
		}
		return 1
	case b[0] == 0xc2 && len(b) > 1 && b[1] == 0x85:
		return 2
	case b[0] == 0xe2 && len(b) > 2 && b[1] == 0x80 && (b[2] == 0xa8 || b[2] == 0xa9):
		return 3
	}
	return 0
}

// offset is the byte at a line and column (in characters) from 1.
func (s *source) offset(line, column int) int {
	data := s.file.Data
	if line < 1 || line > len(s.lines) {
		return len(data)
	}
	// Nodes are read in order: going on from the last one keeps a line with a
	// million nodes linear.
	from := mark{line, 1, s.lines[line-1]}
	if s.last.line == line && s.last.column <= column {
		from = s.last
	}
	for ; from.column < column && from.offset < len(data); from.column++ {
		_, n := utf8.DecodeRune(data[from.offset:])
		from.offset += n
	}
	s.last = from
	return from.offset
}

// documents parses the whole file. Where YAML is broken it returns what came
// before and an error.
func (s *source) documents() (docs []node, err error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	// The library raises its own errors as panics and lets others through.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the YAML parser failed: %v", p)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(s.file.Data))
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return docs, err
		}
		if len(doc.Content) == 1 {
			docs = append(docs, node{doc.Content[0], s}.resolved())
		}
	}
}

func (s *source) check() error {
	data := s.file.Data
	switch {
	case len(data) > MaxFileSize:
		return fmt.Errorf("the file has %d bytes, more than the %d that are allowed", len(data), MaxFileSize)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return errors.New("the file is UTF-16, not UTF-8")
	case !utf8.Valid(data):
		return errors.New("the file is not UTF-8")
	}
	return nil
}

var yamlErrorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// parseProblem is what to say about an error of documents.
func (s *source) parseProblem(err error) diag.Diagnostic {
	text := err.Error()
	line := 1
	if m := yamlErrorLine.FindStringSubmatch(text); m != nil {
		text = strings.TrimPrefix(text, m[0])
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	content, start := s.file.Line(line)
	trimmed := bytes.TrimLeft(content, " \t")
	at := start + len(content) - len(trimmed)
	return errYAML(diag.Range{File: s.file, Start: at, End: at + len(trimmed)}, text)
}
