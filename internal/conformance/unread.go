package conformance

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Unread is cases of a corpus file that no kind runs.
type Unread struct {
	File  string
	Cases int
}

// FindUnread lists the files of the corpus with cases that no kind takes, so
// that what is not run is not taken for what passes.
func FindUnread(corpus *Corpus, kinds []Kind) ([]Unread, error) {
	files, err := corpus.caseFiles()
	if err != nil {
		return nil, err
	}
	var unread []Unread
	for _, file := range files {
		cases, err := corpus.Cases(file)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, c := range cases {
			if !slices.ContainsFunc(kinds, func(k Kind) bool { return k.takes(file, c) }) {
				n++
			}
		}
		if n > 0 {
			unread = append(unread, Unread{file, n})
		}
	}
	return unread, nil
}

// takes tells whether a case of a file is one of the kind.
func (k Kind) takes(file string, c Case) bool {
	return slices.Contains(k.Files, file) && (k.Takes == nil || k.Takes(c))
}

// caseFiles lists the JSON-lines files whose lines have an id.
func (c *Corpus) caseFiles() ([]string, error) {
	var files []string
	err := filepath.WalkDir(c.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".jsonl" {
			return err
		}
		name, err := filepath.Rel(c.dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if cases, err := c.Cases(name); err == nil && len(cases) > 0 && cases[0].ID != "" && !strings.HasPrefix(name, ".") {
			files = append(files, name)
		}
		return nil
	})
	return files, err
}
