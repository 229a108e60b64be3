package container

import "strings"

// OfCgroups finds the container that a process with these cgroups
// (subsystem=path) is in; nil outside containers. before is the container that
// was known for the process or its parent: where it is the same one, it is kept
// with all that is known of it.
func OfCgroups(cgroups []string, before *Info) *Info {
	m, ok := matchAll(cgroups)
	switch {
	case !ok:
		return nil
	case before != nil && before.FullID == m.FullID:
		return before
	}
	return &Info{ID: m.ID, FullID: m.FullID, Type: m.Type}
}

// matchAll finds the container that a process's cgroups agree on. Runtimes put
// containers into all hierarchies, so that a guess counts only if cgroup2 or
// two of version 1 give rise to it: others sort host processes in single ones.
func matchAll(cgroups []string) (CgroupMatch, bool) {
	var guess CgroupMatch
	for _, cgroup := range cgroups {
		subsystem, path, _ := strings.Cut(cgroup, "=")
		m, ok := MatchCgroup(path)
		if !ok {
			continue
		}
		if !m.Guess || subsystem == "" || m.FullID == guess.FullID {
			return m, true
		}
		guess = m
	}
	return CgroupMatch{}, false
}
