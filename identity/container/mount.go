package container

import "regexp"

// MountFinder finds mounts by a pattern. It is made once, where a rule that
// needs it is compiled.
type MountFinder struct{ pattern *regexp.Regexp }

// NewMountFinder compiles a pattern: a regular expression that must match some
// part of the path.
func NewMountFinder(pattern string) (*MountFinder, error) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	return &MountFinder{compiled}, nil
}

// BySource is the first of the mounts whose source matches, or nil.
func (f *MountFinder) BySource(mounts []Mount) *Mount {
	for i := range mounts {
		if f.pattern.MatchString(mounts[i].Source) {
			return &mounts[i]
		}
	}
	return nil
}

// ByDest is the first of the mounts whose destination matches, or nil.
func (f *MountFinder) ByDest(mounts []Mount) *Mount {
	for i := range mounts {
		if f.pattern.MatchString(mounts[i].Dest) {
			return &mounts[i]
		}
	}
	return nil
}
