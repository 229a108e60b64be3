package conformance

import (
	"fmt"
	"os"
	"strings"
)

// Exclusions are the cases that do not count, each with the reason. An id that
// ends in * stands for all that begin so: a corpus may have more cases of a
// thing that is excluded.
type Exclusions map[string]string

// Has tells whether a case is excluded.
func (e Exclusions) Has(id string) bool {
	if _, ok := e[id]; ok {
		return true
	}
	for end := strings.LastIndexByte(id, '/'); end > 0; end = strings.LastIndexByte(id[:end], '/') {
		if _, ok := e[id[:end]+"/*"]; ok {
			return true
		}
	}
	return false
}

// ReadExclusions reads lines of a case id, a tab and a reason. Lines that begin
// with # are remarks.
func ReadExclusions(path string) (Exclusions, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	excluded := Exclusions{}
	for number, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(line, "\t")
		if strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s:%d: %s is excluded without a reason", path, number+1, id)
		}
		if _, twice := excluded[id]; twice {
			return nil, fmt.Errorf("%s:%d: %s is excluded twice", path, number+1, id)
		}
		excluded[id] = reason
	}
	return excluded, nil
}
