package rules

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// EngineVersion is the version of the rule language that this engine speaks,
// in the numbering of the reference implementation.
var EngineVersion = Version{Major: 0, Minor: 57, Patch: 0}

// Version is a version of the rule language or of a plugin.
type Version struct{ Major, Minor, Patch int }

// ParseVersion reads x.y.z. What follows a hyphen or plus sign is ignored.
func ParseVersion(text string) (Version, bool) {
	text, _, _ = strings.Cut(text, "-")
	text, _, _ = strings.Cut(text, "+")
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Version{}, false
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return Version{}, false
		}
		n[i] = int(v)
	}
	return Version{n[0], n[1], n[2]}, true
}

// parseEngineVersion reads x.y.z, or a plain number, which is the minor of 0.x.0.
func parseEngineVersion(text string) (Version, bool) {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return Version{Minor: int(n)}, true
	}
	return ParseVersion(text)
}

// Satisfies tells whether v can stand in for a required version: the same
// major version, and not older.
func (v Version) Satisfies(required Version) bool {
	return v.Major == required.Major && v.Compare(required) >= 0
}

// Compare orders versions.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
}

// String is x.y.z.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Plugin is something that rules files can require by name and version.
type Plugin struct {
	Name    string
	Version Version
}

// requirement is a plugin that a file requires, or one of its alternatives.
type requirement struct {
	name    string
	version Version
}

// satisfied tells whether one of the alternatives is there.
func satisfied(alternatives []requirement, plugins []Plugin) bool {
	for _, want := range alternatives {
		for _, have := range plugins {
			if have.Name == want.name && have.Version.Satisfies(want.version) {
				return true
			}
		}
	}
	return false
}
