package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Corpus is a directory of cases.
type Corpus struct{ dir string }

// Open checks that dir is there.
func Open(dir string) (*Corpus, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", dir)
	}
	return &Corpus{dir: dir}, nil
}

// Path is the place of a file of the corpus.
func (c *Corpus) Path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// ReadFile reads a file of the corpus.
func (c *Corpus) ReadFile(name string) ([]byte, error) { return os.ReadFile(c.Path(name)) }

// Has tells whether the corpus has a file or directory.
func (c *Corpus) Has(name string) bool {
	_, err := os.Stat(c.Path(name))
	return err == nil
}

// Cases reads a JSON-lines file; one that the corpus does not have is empty.
func (c *Corpus) Cases(name string) ([]Case, error) {
	f, err := os.Open(c.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing is lost
	return readCases(f, name)
}

func readCases(r io.Reader, name string) ([]Case, error) {
	var cases []Case
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			parsed := Case{File: name, Raw: line}
			if err := json.Unmarshal(line, &parsed); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, number, err)
			}
			cases = append(cases, parsed)
		}
		if err != nil {
			return cases, nil
		}
	}
}
