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
