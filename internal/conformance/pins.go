package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The files of the pin directory.
const (
	pinFile     = "pins.tsv"    // kind, passed, failed, total: for readers of the history
	failingFile = "failing.txt" // ids of the cases that are known to fail
	// ExclusionFile names the cases that do not count.
	ExclusionFile = "excluded.tsv"
)

// Pins are the cases that are known to fail. A failure that is not among them
// is a case that passed before, or one that nobody has looked at.
type Pins map[string]bool

// ReadPins reads the pin directory; an empty one pins nothing.
func ReadPins(dir string) (Pins, error) {
	text, err := os.ReadFile(filepath.Join(dir, failingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Pins{}, nil
	}
	if err != nil {
		return nil, err
	}
	pins := Pins{}
	for _, id := range strings.Fields(string(text)) {
		pins[id] = true
	}
	return pins, nil
}

// Unknown lists the failures that are not pinned.
func (p Pins) Unknown(results []Result) []string {
	var ids []string
	for _, result := range results {
		for _, failure := range result.Failed {
			if !p[failure.ID] {
				ids = append(ids, failure.ID)
			}
		}
	}
	return ids
}

// Fixed lists the pinned cases that pass.
func (p Pins) Fixed(results []Result) []string {
	var ids []string
	for _, result := range results {
		for _, id := range result.Passed {
			if p[id] {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// WritePins pins the results.
func WritePins(dir string, results []Result) error {
	var counts strings.Builder
	var failing []string
	counts.WriteString("kind\tpassed\tfailed\ttotal\n")
	for _, result := range results {
		fmt.Fprintf(&counts, "%s\t%d\t%d\t%d\n", result.Kind, len(result.Passed), len(result.Failed), result.Total())
		for _, failure := range result.Failed {
			failing = append(failing, failure.ID)
		}
	}
	slices.Sort(failing)
	list := strings.Join(slices.Compact(failing), "\n")
	if list != "" {
		list += "\n"
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, pinFile), []byte(counts.String()), 0o644),
		os.WriteFile(filepath.Join(dir, failingFile), []byte(list), 0o644),
	)
}
