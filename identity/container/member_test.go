package container

import (
	"strings"
	"testing"
)

func TestOfCgroups(t *testing.T) {
	id := strings.Repeat("ab", 32)
	known := &Info{ID: ShortID(id), FullID: id, Name: "web", Known: true}
	if got := OfCgroups([]string{"cpu=/", "=/docker/" + id}, known); got != known {
		t.Errorf("got %+v, want what was known", got)
	}
	other := OfCgroups([]string{"=/docker/" + strings.Repeat("cd", 32)}, known)
	if other == nil || other.ID != "cdcdcdcdcdcd" || other.Type != Docker || other.Known {
		t.Errorf("got %+v, want another container", other)
	}
	if got := OfCgroups([]string{"cpu=/", "=/user.slice"}, known); got != nil {
		t.Errorf("got %+v, want the host", got)
	}
	if got := OfCgroups(nil, known); got != nil {
		t.Errorf("got %+v, want the host", got)
	}
}

// TestOfCgroupsGuess: /namespace/id alone in one hierarchy is no container.
func TestOfCgroupsGuess(t *testing.T) {
	for _, c := range []struct {
		cgroups []string
		want    string
	}{
		{[]string{"cpu=/", "memory=/jobs/42", "=/"}, ""},
		{[]string{"memory=/default/web", "cpu=/default/web", "=/"}, "web"},
		{[]string{"memory=/jobs/42", "cpu=/default/web"}, ""},
		{[]string{"=/default/web", "memory=/default/web"}, "web"},
		{[]string{"memory=/jobs/42", "=/docker/" + strings.Repeat("ab", 32)}, "abababababab"},
	} {
		id := ""
		if got := OfCgroups(c.cgroups, nil); got != nil {
			id = got.ID
		}
		if id != c.want {
			t.Errorf("%v: %q, want %q", c.cgroups, id, c.want)
		}
	}
}
