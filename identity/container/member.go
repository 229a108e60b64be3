package container

import "strings"

// OfCgroups finds the container that a process with these cgroups
// (subsystem=path) is in; nil outside containers. before is the container that
// was known for the process or its parent: where it is the same one, it is kept
// with all that is known of it.
func OfCgroups(cgroups []string, before *Info) *Info {
	for _, cgroup := range cgroups {
		_, path, _ := strings.Cut(cgroup, "=")
		m, ok := MatchCgroup(path)
		if !ok {
			continue
		}
		if before != nil && before.FullID == m.FullID {
			return before
		}
		return &Info{ID: m.ID, FullID: m.FullID, Type: m.Type}
	}
	return nil
}
