package container

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestRecent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recent[int]
		asked := 0
		ask := func() (int, error) { asked++; return asked, nil }
		get := func(key string) int {
			v, err := r.get(key, ask)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		for i, want := range []struct {
			key    string
			answer int
		}{{"a", 1}, {"a", 1}, {"b", 2}, {"", 3}, {"", 4}} {
			if got := get(want.key); got != want.answer {
				t.Errorf("question %d: %d, want %d", i, got, want.answer)
			}
		}
		time.Sleep(recentFor)
		if get("a") != 5 {
			t.Error("an old answer is given")
		}
		if _, err := r.get("c", func() (int, error) { return 0, errors.New("no") }); err == nil || get("c") != 6 {
			t.Error("an error is kept")
		}
		for n := range 2 * maxRecents {
			get(fmt.Sprint(n))
		}
		if len(r.answers) > maxRecents {
			t.Errorf("%d answers are kept", len(r.answers))
		}
	})
}
