package syscall

import (
	"strings"

	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
)

// bindMount makes a Bind of a text of one mount: of the one with that number,
// or the first whose key matches the pattern.
func bindMount(key func(*container.Mount) string, appendText func([]byte, *container.Mount) []byte) func(string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		find := func(all []container.Mount) *container.Mount { return mountByKey(all, key, arg) }
		if isNumber(arg) {
			n, err := index(arg)
			if err != nil {
				return nil, err
			}
			find = func(all []container.Mount) *container.Mount { return mountAt(all, n) }
		}
		return func(ev *event.Event) event.Value {
			m := find(of(ev).container().Mounts)
			if m == nil {
				return event.Value{}
			}
			return event.Text(ev.Scratch.Text(appendText(ev.Scratch.Buffer(argRoom), m)))
		}, nil
	}
}

func mountAt(all []container.Mount, n int) *container.Mount {
	if n >= len(all) {
		return nil
	}
	return &all[n]
}

func mountByKey(all []container.Mount, key func(*container.Mount) string, pattern string) *container.Mount {
	for i := range all {
		if matchStars(pattern, key(&all[i])) {
			return &all[i]
		}
	}
	return nil
}

// matchStars tells whether s is of a pattern in which * stands for any text, ?
// for any byte.
func matchStars(pattern, s string) bool {
	star, retry := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			retry++
			p, i = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
