// Package rulefiles reads the rules files that users name: files, directories,
// and the files that are part of the program.
package rulefiles

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lannersec/lanner/engine/rules"
	embedded "github.com/lannersec/lanner/rules"
)

const (
	// Prefix marks a name as that of a file in the program itself.
	Prefix = "embedded:"
	// Default is what is loaded where the user names nothing.
	Default = Prefix + embedded.Default
)

// Read reads the files that names name, in their order; a directory stands for
// the rules files in it, in lexical order. It goes on after an error, so that
// one run reports all.
func Read(names []string) ([]rules.File, error) {
	var (
		files []rules.File
		errs  error
	)
	for _, name := range names {
		paths, err := Expand(name)
		errs = errors.Join(errs, err)
		for _, path := range paths {
			data, err := readFile(path)
			if err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			files = append(files, rules.File{Name: path, Data: data})
		}
	}
	return files, errs
}

// Expand lists the files that a name stands for.
func Expand(name string) ([]string, error) {
	if strings.HasPrefix(name, Prefix) {
		return []string{name}, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("rules file: %w", err)
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, fmt.Errorf("rules directory: %w", err)
	}
	var paths []string
	for _, entry := range entries {
		path := filepath.Join(name, entry.Name())
		if isRulesFile(path) {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// isRulesFile tells by name and kind. It follows symbolic links, because that is
// what the files of a mounted ConfigMap are.
func isRulesFile(path string) bool {
	switch filepath.Ext(path) {
	case ".yaml", ".yml":
	default:
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func readFile(path string) ([]byte, error) {
	if name, ok := strings.CutPrefix(path, Prefix); ok {
		data, err := embedded.FS.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("rules file: there is no embedded file %q; there are %s", name, strings.Join(Embedded(), ", "))
		}
		return data, nil
	}
	return readBounded(path)
}

// readBounded reads a little more than a rules file may have, so that a file
// that is too large is reported and not held in memory.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("rules file: %w", err)
	}
	defer f.Close() // read only: nothing is lost
	data, err := io.ReadAll(io.LimitReader(f, rules.MaxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("rules file: %w", err)
	}
	return data, nil
}

// Embedded lists the names of the files in the program.
func Embedded() []string {
	entries, err := embedded.FS.ReadDir(".")
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
