package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lannersec/lanner/engine/diag"
	"github.com/lannersec/lanner/engine/rules"
)

// Result is what came of one reading of the rules files.
type Result struct {
	Time time.Time     // of the end
	Took time.Duration // reading, compiling and swapping
	// Err says why the rules from before go on; nil: the new ones run. Its text
	// has every problem, as the rule author's tool shows it.
	Err      error
	Warnings diag.List
	Files    []File
	Changes  rules.Diff // against the rules from before
	Set      *rules.Set // what runs; nil where nothing ever ran
}

// File is a rules file as it was read.
type File struct {
	Name   string
	SHA256 string // of its content, hexadecimal
}

// Enabled counts the rules that events are matched with.
func (r *Result) Enabled() int {
	n := 0
	for _, rule := range r.Set.Rules {
		if rule.Enabled {
			n++
		}
	}
	return n
}

func hashes(files []rules.File) []File {
	list := make([]File, len(files))
	for i, f := range files {
		sum := sha256.Sum256(f.Data)
		list[i] = File{f.Name, hex.EncodeToString(sum[:])}
	}
	return list
}

// fingerprint is equal for readings that have the same outcome.
func fingerprint(files []rules.File, err error) string {
	text := fmt.Sprint(hashes(files))
	if err != nil {
		text += err.Error()
	}
	return text
}

// maxProblems bounds how many problems an error shows.
const maxProblems = 20

// broken renders diagnostics as an error.
func broken(list diag.List) error {
	var text strings.Builder
	fmt.Fprintf(&text, "rules do not load, %d problem(s):\n", len(list))
	if err := list[:min(len(list), maxProblems)].Write(&text, diag.Options{}); err != nil {
		return err
	}
	if len(list) > maxProblems {
		fmt.Fprintf(&text, "and %d more: lanner check shows all", len(list)-maxProblems)
	}
	return errors.New(strings.TrimSpace(text.String()))
}
