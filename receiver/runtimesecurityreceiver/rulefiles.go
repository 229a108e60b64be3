package runtimesecurityreceiver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lannersec/lanner/engine/rules"
	defaultrules "github.com/lannersec/lanner/rules"
)

const (
	// embeddedPrefix marks a name as that of a file in the receiver itself.
	embeddedPrefix = "embedded:"
	// embeddedDefault is what is loaded where the configuration names nothing.
	embeddedDefault = embeddedPrefix + defaultrules.Default
)

// readRules reads the files that names name, in their order: files, directories
// and embedded files. It goes on after an error, so that one start reports all.
func readRules(names []string) ([]rules.File, error) {
	var (
		files []rules.File
		errs  error
	)
	for _, name := range names {
		paths, err := expand(name)
		errs = errors.Join(errs, err)
		for _, path := range paths {
			data, err := readRulesFile(path)
			if err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			files = append(files, rules.File{Name: path, Data: data})
		}
	}
	return files, errs
}

// expand turns a directory into the rules files in it, in lexical order.
func expand(name string) ([]string, error) {
	if strings.HasPrefix(name, embeddedPrefix) {
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

func readRulesFile(path string) ([]byte, error) {
	if name, ok := strings.CutPrefix(path, embeddedPrefix); ok {
		data, err := defaultrules.FS.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("rules file: the receiver has no embedded file %q; it has %s", name, strings.Join(embeddedNames(), ", "))
		}
		return data, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("rules file: %w", err)
	}
	return data, nil
}

func embeddedNames() []string {
	entries, err := defaultrules.FS.ReadDir(".")
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
