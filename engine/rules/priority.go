package rules

import "strings"

// Priority is a rule's priority: the lower, the more urgent. Zero is none.
type Priority uint8

// The priorities.
const (
	Emergency Priority = iota + 1
	Alert
	Critical
	Error
	Warning
	Notice
	Informational
	Debug
)

var priorityNames = [...]string{
	"Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug",
}

// String is the priority's word, as outputs and metrics show it.
func (p Priority) String() string {
	if p == 0 || int(p) > len(priorityNames) {
		return "Unknown"
	}
	return priorityNames[p-1]
}

// ParsePriority reads a priority's word; case does not matter, and "info" is
// Informational.
func ParsePriority(word string) (Priority, bool) {
	if strings.EqualFold(word, "info") {
		return Informational, true
	}
	for i, name := range priorityNames {
		if strings.EqualFold(word, name) {
			return Priority(i + 1), true
		}
	}
	return 0, false
}
