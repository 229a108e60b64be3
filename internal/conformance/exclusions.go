package conformance

import (
	"fmt"
	"os"
	"strings"
)

// Exclusions are the cases that do not count, each with the reason.
type Exclusions map[string]string

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
