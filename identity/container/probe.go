package container

import (
	"slices"
	"strings"
)

// Probe is the command that a runtime or kubelet runs in a container to see
// whether it is well; empty where there is none.
type Probe []string

// Text is the command with spaces between its arguments.
func (p Probe) Text() string { return strings.Join(p, " ") }

// Matches tells whether a process with these arguments, exe being the first,
// runs the probe.
func (p Probe) Matches(exe string, args []string) bool {
	return len(p) > 0 && p[0] == exe && slices.Equal(p[1:], args)
}

// dockerProbe reads a health check as images and engines keep it: the first
// item says what the others are.
func dockerProbe(test []string) Probe {
	if len(test) < 2 {
		return nil
	}
	switch test[0] {
	case "CMD":
		return test[1:]
	case "CMD-SHELL":
		return Probe{"/bin/sh", "-c", test[1]}
	}
	return nil
}
