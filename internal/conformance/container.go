package conformance

import (
	"fmt"

	"github.com/lannersec/lanner/identity/container"
)

// runContainer runs container_id and container_mount_lookup.
func runContainer(_ *Corpus, c Case) error {
	var want struct {
		Cgroup string
		Mounts []container.Mount
		Query  string
		Expect any
	}
	if err := c.Decode(&want); err != nil {
		return err
	}
	switch c.Kind {
	case "container_id":
		var id any
		if match, ok := container.MatchCgroup(want.Cgroup); ok {
			id = match.ID
		}
		return compare(want.Cgroup, want.Expect, id)
	case "container_mount_lookup":
		finder, err := container.NewMountFinder(want.Query)
		if err != nil {
			return err
		}
		found := "not found"
		if finder.BySource(want.Mounts) != nil {
			found = "found"
		}
		return compare(want.Query, want.Expect, found)
	}
	return fmt.Errorf("unknown kind %s", c.Kind)
}
