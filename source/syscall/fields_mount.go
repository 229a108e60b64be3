package syscall

import (
	"github.com/lannersec/lanner/engine/event"
	"github.com/lannersec/lanner/engine/field"
	"github.com/lannersec/lanner/identity/container"
)

// mountKey finds a mount by what a finder's pattern matches.
type mountKey func(*container.MountFinder, []container.Mount) *container.Mount

// bindMount makes a Bind of a text of one mount: of the one with that number,
// or the first whose key matches the pattern.
func bindMount(key mountKey, appendText func([]byte, *container.Mount) []byte) func(string) (field.Getter, error) {
	return func(arg string) (field.Getter, error) {
		find, err := mountFinder(key, arg)
		if err != nil {
			return nil, err
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

// mountFinder is what finds the mount that an argument names.
func mountFinder(key mountKey, arg string) (func([]container.Mount) *container.Mount, error) {
	if isNumber(arg) {
		n, err := index(arg)
		return func(all []container.Mount) *container.Mount { return mountAt(all, n) }, err
	}
	finder, err := container.NewMountFinder(arg)
	if err != nil {
		return nil, &argError{arg, err.Error()}
	}
	return func(all []container.Mount) *container.Mount { return key(finder, all) }, nil
}

func mountAt(all []container.Mount, n int) *container.Mount {
	if n >= len(all) {
		return nil
	}
	return &all[n]
}
